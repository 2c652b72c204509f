using Microsoft.Extensions.Options;

namespace Banking.Markets;

/// <summary>What a market stores.</summary>
[GenerateSerializer, Immutable, Alias("banking.market-state")]
public sealed record MarketState
{
    [Id(0)] public AssetDefinition? Definition { get; init; }

    [Id(1)] public bool Halted { get; init; }

    [Id(2)] public long SequenceNumber { get; init; }

    /// <summary>Whether an operator took the asset off the market; settings don't list it again.</summary>
    [Id(3)] public bool Delisted { get; init; }
}

/// <inheritdoc cref="IMarketGrain"/>
[GrainType("market")]
internal sealed class MarketGrain(
    [PersistentState("market", GameNames.Storage)] IPersistentState<MarketState> storage,
    IOptions<MarketOptions> options,
    TimeProvider time) : Grain, IMarketGrain
{
    // Quotes are given while a write is under way, when storage.State is not durable yet.
    private MarketState _durable = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _durable = storage.State;
        return Task.CompletedTask;
    }

    public async Task List(AssetDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (AssetForm.Fault(definition) is { } fault) throw new ArgumentException(fault, nameof(definition));
        if (definition.Name != this.GetPrimaryKeyString())
            throw new ArgumentException(
                $"This is the market of {this.GetPrimaryKeyString()}, not of {definition.Name}.", nameof(definition));

        // The exchange goes first: if it fails, the market does not exist and the call is made again. The other way round nobody would
        // notice.
        await GrainFactory.GetGrain<IExchangeGrain>(IExchangeGrain.Key).Add(definition.Name);
        await WriteAsync(_durable with { Definition = definition, Delisted = false });
    }

    public Task ListIfNew(AssetDefinition definition) => _durable.Definition is null ? List(definition) : Task.CompletedTask;

    public Task Halt() => SetHaltedAsync(true);

    public Task Reopen() => SetHaltedAsync(false);

    public async Task Delist()
    {
        if (_durable.Definition is null) throw NotListed();

        // The market goes first: if the name stays on the list, it shows a halted asset. The other way round traders would go on until
        // somebody calls again.
        if (!_durable.Delisted) await WriteAsync(_durable with { Delisted = true });
        await GrainFactory.GetGrain<IExchangeGrain>(IExchangeGrain.Key).Remove(this.GetPrimaryKeyString());
    }

    public Task<AssetListing?> GetListing() => Task.FromResult(
        _durable.Definition is { } asset ? new AssetListing(asset, _durable.Halted, _durable.Delisted) : null);

    public Task<Quote?> GetQuote()
    {
        if (_durable.Definition is not { } asset) return Task.FromResult<Quote?>(null);
        var now = time.GetUtcNow();
        var validUntil = now + options.Value.QuoteLifetime;
        var midnight = PriceModel.NextMidnight(now);
        return Task.FromResult<Quote?>(new Quote(
            asset.Name,
            asset.Type,
            PriceModel.PriceOn(asset, now),
            now,
            validUntil < midnight ? validUntil : midnight,
            _durable.SequenceNumber,
            _durable.Halted || _durable.Delisted,
            asset.Tradable,
            asset.MaxOrderQuantity));
    }

    private Task SetHaltedAsync(bool halted)
    {
        if (_durable.Definition is null || _durable.Delisted) throw NotListed();
        return _durable.Halted == halted ? Task.CompletedTask : WriteAsync(_durable with { Halted = halted });
    }

    private InvalidOperationException NotListed() => new($"The asset {this.GetPrimaryKeyString()} is not listed.");

    private async Task WriteAsync(MarketState next)
    {
        next = next with { SequenceNumber = _durable.SequenceNumber + 1 };
        storage.State = next;
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            // It is unknown whether the write happened: go on from storage, not from memory.
            DeactivateOnIdle();
            throw;
        }

        _durable = next;
    }
}

using Microsoft.Extensions.Options;

namespace Banking.Markets;

/// <summary>What a market keeps.</summary>
[GenerateSerializer, Immutable, Alias("banking.market-state")]
public sealed record MarketState
{
    [Id(0)] public AssetDefinition? Definition { get; init; }

    [Id(1)] public bool Halted { get; init; }

    [Id(2)] public long SequenceNumber { get; init; }
}

/// <inheritdoc cref="IMarketGrain"/>
[GrainType("market")]
internal sealed class MarketGrain(
    [PersistentState("market", GameNames.Storage)] IPersistentState<MarketState> storage,
    IOptions<MarketOptions> options,
    TimeProvider clock) : Grain, IMarketGrain
{
    public async Task List(AssetDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (AssetForm.Fault(definition) is { } fault) throw new ArgumentException(fault, nameof(definition));
        if (definition.Name != this.GetPrimaryKeyString())
            throw new ArgumentException($"This is the market of {this.GetPrimaryKeyString()}, not of {definition.Name}.", nameof(definition));

        // The exchange first: if it fails, the market is not there and the call is made again; the other way round nobody would see it.
        await GrainFactory.GetGrain<IExchangeGrain>(IExchangeGrain.Key).Add(definition.Name);
        await Write(storage.State with { Definition = definition });
    }

    public Task ListIfNew(AssetDefinition definition) => storage.State.Definition is null ? List(definition) : Task.CompletedTask;

    public Task Halt() => SetHalted(true);

    public Task Reopen() => SetHalted(false);

    public Task<Quote?> GetQuote()
    {
        if (storage.State.Definition is not { } asset) return Task.FromResult<Quote?>(null);
        var now = clock.GetUtcNow();
        var validUntil = now + options.Value.QuoteLifetime;
        var midnight = PriceModel.NextMidnight(now);
        return Task.FromResult<Quote?>(new Quote(
            asset.Name,
            asset.Type,
            PriceModel.PriceOn(asset, now),
            now,
            validUntil < midnight ? validUntil : midnight,
            storage.State.SequenceNumber,
            storage.State.Halted,
            asset.Tradable,
            asset.MaxOrderQuantity));
    }

    private Task SetHalted(bool halted)
    {
        if (storage.State.Definition is null) throw new InvalidOperationException($"The asset {this.GetPrimaryKeyString()} is not listed.");
        return storage.State.Halted == halted ? Task.CompletedTask : Write(storage.State with { Halted = halted });
    }

    private async Task Write(MarketState next)
    {
        var before = storage.State;
        storage.State = next with { SequenceNumber = before.SequenceNumber + 1 };
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            // Whether the write happened is unknown: go on from what storage says, not from either memory.
            storage.State = before;
            DeactivateOnIdle();
            throw;
        }
    }
}

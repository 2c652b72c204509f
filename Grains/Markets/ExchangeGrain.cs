namespace Banking.Markets;

/// <summary>What the exchange stores.</summary>
[GenerateSerializer, Immutable, Alias("banking.exchange-state")]
public sealed record ExchangeState
{
    [Id(0)] public string[] Assets { get; init; } = [];
}

/// <inheritdoc cref="IExchangeGrain"/>
[GrainType("exchange")]
internal sealed class ExchangeGrain(
    [PersistentState("exchange", GameNames.Storage)] IPersistentState<ExchangeState> storage) : Grain, IExchangeGrain
{
    public Task<IReadOnlyList<string>> GetAssets() => Task.FromResult<IReadOnlyList<string>>(storage.State.Assets);

    public async Task Add(string assetName)
    {
        if (!AssetForm.IsAssetName(assetName)) throw new ArgumentException("Not the name of an asset.", nameof(assetName));
        if (!storage.State.Assets.Contains(assetName)) await WriteAsync([.. storage.State.Assets, assetName]);
    }

    public async Task Remove(string assetName)
    {
        if (storage.State.Assets.Contains(assetName)) await WriteAsync([.. storage.State.Assets.Where(asset => asset != assetName)]);
    }

    private async Task WriteAsync(string[] assets)
    {
        var before = storage.State;
        storage.State = new ExchangeState { Assets = assets };
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            storage.State = before;
            DeactivateOnIdle();
            throw;
        }
    }
}

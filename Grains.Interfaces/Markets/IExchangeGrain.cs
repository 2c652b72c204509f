using Banking.Callers;

namespace Banking.Markets;

/// <summary>The list of all listed assets; one grain, key <see cref="Key"/>.</summary>
[Alias("banking.exchange")]
public interface IExchangeGrain : IGrainWithStringKey
{
    const string Key = "exchange";

    /// <summary>Names of all listed assets, in the order they were listed.</summary>
    [Alias("assets"), ForClients]
    Task<IReadOnlyList<string>> GetAssets();

    /// <summary>Called by a market when it is first listed; does nothing if the name is already listed.</summary>
    [Alias("add")]
    Task Add(string assetName);

    /// <summary>Called by a market when it is delisted; does nothing if the name is not listed.</summary>
    [Alias("remove")]
    Task Remove(string assetName);
}

using Orleans.Concurrency;

namespace Banking.Markets;

/// <summary>The market of one asset; the key is the asset's name. Changes reach every silo's traders within a quote's validity (1 s by default).</summary>
[Alias("banking.market")]
public interface IMarketGrain : IGrainWithStringKey
{
    /// <summary>Puts the asset on the market, or redefines it. An asset that was halted stays halted.</summary>
    /// <exception cref="ArgumentException">The definition is outside its ranges, or not this grain's asset.</exception>
    [Alias("list")]
    Task List(AssetDefinition definition);

    /// <summary>As <see cref="List"/>, but leaves an asset alone that is already listed.</summary>
    [Alias("list-if-new")]
    Task ListIfNew(AssetDefinition definition);

    /// <summary>Stops trading; prices stay visible. Does nothing to a halted market.</summary>
    /// <exception cref="InvalidOperationException">The asset is not listed.</exception>
    [Alias("halt")]
    Task Halt();

    /// <summary>Lets trading go on.</summary>
    /// <exception cref="InvalidOperationException">The asset is not listed.</exception>
    [Alias("reopen")]
    Task Reopen();

    /// <summary>The current quote; null if the asset is not listed.</summary>
    [AlwaysInterleave, Alias("quote")]
    Task<Quote?> GetQuote();
}

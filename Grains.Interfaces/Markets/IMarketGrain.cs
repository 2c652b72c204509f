using Banking.Callers;
using Orleans.Concurrency;

namespace Banking.Markets;

/// <summary>
/// The market of one asset; the key is the asset's name. Changes reach every silo's traders within a quote's validity (1 s by default).
/// </summary>
[Alias("banking.market"), ForClients]
public interface IMarketGrain : IGrainWithStringKey
{
    /// <summary>
    /// Puts the asset on the market, or redefines it. An asset that was halted stays halted; one that was delisted is listed again.
    /// </summary>
    /// <exception cref="ArgumentException">The definition is outside its ranges, or is of another asset.</exception>
    [Alias("list"), ForClients(OperatorsOnly = true)]
    Task List(AssetDefinition definition);

    /// <summary>As <see cref="List"/>, but leaves an asset alone that is already listed, or was delisted.</summary>
    [Alias("list-if-new"), ForClients(OperatorsOnly = true)]
    Task ListIfNew(AssetDefinition definition);

    /// <summary>Stops trading; prices stay visible. Does nothing to a halted market.</summary>
    /// <exception cref="InvalidOperationException">The asset is not listed.</exception>
    [Alias("halt"), ForClients(OperatorsOnly = true)]
    Task Halt();

    /// <summary>Lets trading go on.</summary>
    /// <exception cref="InvalidOperationException">The asset is not listed.</exception>
    [Alias("reopen"), ForClients(OperatorsOnly = true)]
    Task Reopen();

    /// <summary>
    /// Takes the asset off the market: it appears in no list of prices and can't be traded. Holders keep their units and see them at their
    /// price. Does nothing to a delisted asset.
    /// </summary>
    /// <exception cref="InvalidOperationException">The asset was never listed.</exception>
    [Alias("delist"), ForClients(OperatorsOnly = true)]
    Task Delist();

    /// <summary>The current quote; null if the asset was never listed. The quote of a delisted asset is halted.</summary>
    [AlwaysInterleave, Alias("quote")]
    Task<Quote?> GetQuote();

    /// <summary>
    /// The definition as it was last listed, and whether the asset has been halted or delisted since; null if it was never listed.
    /// </summary>
    [AlwaysInterleave, Alias("listing")]
    Task<AssetListing?> GetListing();
}

using Banking.Callers;
using Banking.Events;

namespace Banking.Markets;

/// <summary>Where players look at prices: answers from its silo's quotes and logs the inquiry. Key 0.</summary>
[Alias("banking.price-board"), ForClients]
public interface IPriceBoardGrain : IGrainWithIntegerKey
{
    /// <summary>All listed assets, in the order they were listed.</summary>
    [Alias("prices")]
    Task<IReadOnlyList<Quote>> GetPrices(RequestOrigin? origin);

    /// <summary>One asset; null if it is not listed. Logged either way.</summary>
    [Alias("price")]
    Task<Quote?> GetPrice(string assetName, RequestOrigin? origin);
}

/// <summary>What a market asks and pays for one unit until <see cref="ValidUntil"/>.</summary>
/// <param name="UnitPrice">6 decimal places.</param>
/// <param name="SequenceNumber">Grows with every change of the market (listed, redefined, halted, reopened).</param>
[GenerateSerializer, Immutable, Alias("banking.quote")]
public sealed record Quote(
    [property: Id(0)] string AssetName,
    [property: Id(1)] string AssetType,
    [property: Id(2)] decimal UnitPrice,
    [property: Id(3)] DateTimeOffset AsOf,
    [property: Id(4)] DateTimeOffset ValidUntil,
    [property: Id(5)] long SequenceNumber,
    [property: Id(6)] bool Halted,
    [property: Id(7)] bool Tradable,
    [property: Id(8)] long? MaxOrderQuantity);

using Banking.Events;

namespace Banking.Markets;

/// <summary>Where players look at prices: answers from its silo's quotes and logs the inquiry. Key 0.</summary>
[Alias("banking.price-board")]
public interface IPriceBoardGrain : IGrainWithIntegerKey
{
    /// <summary>All listed assets, in the order they were listed.</summary>
    [Alias("prices")]
    Task<IReadOnlyList<Quote>> GetPrices(RequestOrigin? origin);

    /// <summary>One asset; null if it is not listed. Logged either way.</summary>
    [Alias("price")]
    Task<Quote?> GetPrice(string assetName, RequestOrigin? origin);
}

using Banking.Events;
using Banking.Inquiries;
using Orleans.Concurrency;

namespace Banking.Markets;

/// <inheritdoc cref="IPriceBoardGrain"/>
[StatelessWorker, GrainType("price-board")]
internal sealed class PriceBoardGrain(QuoteCache quotes, InquiryLog inquiries) : Grain, IPriceBoardGrain
{
    public async Task<IReadOnlyList<Quote>> GetPrices(RequestOrigin? origin)
    {
        var all = await quotes.GetAllAsync();
        inquiries.Record(Inquiry.OfAllPrices(origin));
        return all;
    }

    public async Task<Quote?> GetPrice(string assetName, RequestOrigin? origin)
    {
        // Whatever a client types becomes text in the log, so only what could be an asset's name is let through.
        if (!AssetForm.IsAssetName(assetName)) return null;
        var quote = await quotes.GetAsync(assetName);
        inquiries.Record(Inquiry.OfPrice(assetName, origin));
        return quote;
    }
}

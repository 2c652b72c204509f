using System.Collections.Concurrent;

namespace Banking.Markets;

/// <summary>
/// A silo's quotes: one call to a market per quote lifetime, however many players trade. Thread-safe. An asset that is listed while the
/// silo runs is known within one lifetime. Lifetimes are measured by the monotonic clock, so a step of the wall clock makes no quote live
/// longer or shorter.
/// </summary>
public sealed class QuoteCache(IGrainFactory grains, TimeProvider time, Microsoft.Extensions.Options.IOptions<MarketOptions> options)
{
    private readonly ConcurrentDictionary<string, Entry> _quotes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _delisted = new(StringComparer.Ordinal);
    private volatile Listing? _listing;
    private Task<Listing>? _refresh;

    /// <summary>The quotes of all listed assets, in the order they were listed.</summary>
    public async Task<IReadOnlyList<Quote>> GetAllAsync()
    {
        var listing = await GetListingAsync();
        var quotes = new List<Quote>(listing.Assets.Count);
        foreach (var asset in listing.Assets)
        {
            if (await GetListedAsync(asset) is { } timed) quotes.Add(timed.Quote);
        }

        return quotes;
    }

    /// <summary>A quote that is valid now; null if the asset is not listed.</summary>
    public async ValueTask<Quote?> GetAsync(string assetName) => (await GetTimedAsync(assetName))?.Quote;

    /// <summary>As <see cref="GetAsync"/>, for an asset that somebody holds and that may have been delisted since.</summary>
    public async ValueTask<Quote?> GetHeldAsync(string assetName) =>
        await GetAsync(assetName) ?? (await CurrentAsync(_delisted.GetOrAdd(assetName, static _ => new Entry()), assetName))?.Quote;

    /// <inheritdoc cref="GetAsync"/>
    internal ValueTask<TimedQuote?> GetTimedAsync(string assetName)
    {
        if (_quotes.TryGetValue(assetName, out var entry) && entry.Current is { IsValid: true } quote) return new(quote);
        return LookAsync(assetName);
    }

    // Only names on the list reach a market or this dictionary, so that players' typing errors can fill neither.
    private async ValueTask<TimedQuote?> LookAsync(string assetName) =>
        (await GetListingAsync()).Names.Contains(assetName) ? await GetListedAsync(assetName) : null;

    private ValueTask<TimedQuote?> GetListedAsync(string assetName) =>
        CurrentAsync(_quotes.GetOrAdd(assetName, static _ => new Entry()), assetName);

    private ValueTask<TimedQuote?> CurrentAsync(Entry entry, string assetName)
    {
        if (entry.Current is { IsValid: true } quote) return new(quote);
        return new(FetchAsync(entry, assetName));
    }

    private async Task<TimedQuote?> FetchAsync(Entry entry, string assetName)
    {
        var fetch = entry.Fetching;
        if (fetch is null || fetch.IsCompleted) entry.Fetching = fetch = AskAsync(assetName);
        var quote = await fetch;
        entry.Current = quote;
        return quote;
    }

    // Its validity counts from here on, by this silo's clock: the market's clock may be ahead or behind.
    private async Task<TimedQuote?> AskAsync(string assetName)
    {
        var (asked, askedAt) = (time.GetUtcNow(), time.GetTimestamp());
        var quote = await grains.GetGrain<IMarketGrain>(assetName).GetQuote();
        if (quote is null) return null;
        var lifetime = quote.ValidUntil - quote.AsOf;
        return new(quote with { ValidUntil = asked + lifetime }, askedAt, lifetime, time);
    }

    private async ValueTask<Listing> GetListingAsync()
    {
        if (_listing is { } known && time.GetElapsedTime(known.ReadAt) < options.Value.QuoteLifetime) return known;
        var refresh = _refresh;
        if (refresh is null || refresh.IsCompleted) _refresh = refresh = ReadListingAsync();
        return await refresh;
    }

    private async Task<Listing> ReadListingAsync()
    {
        var assets = await grains.GetGrain<IExchangeGrain>(IExchangeGrain.Key).GetAssets();
        return _listing = new Listing(assets, assets.ToHashSet(StringComparer.Ordinal), time.GetTimestamp());
    }

    // Two turns that find a quote stale at once may both ask the market: harmless, so there is no lock.
    private sealed class Entry
    {
        private volatile TimedQuote? _current;
        private volatile Task<TimedQuote?>? _fetching;

        public TimedQuote? Current { get => _current; set => _current = value; }

        public Task<TimedQuote?>? Fetching { get => _fetching; set => _fetching = value; }
    }

    private sealed record Listing(IReadOnlyList<string> Assets, HashSet<string> Names, long ReadAt);
}

/// <summary>A quote and how long a silo may trade on it, by the monotonic clock: the wall clock may step while it is held.</summary>
/// <param name="AskedAt">A timestamp of the clock.</param>
internal sealed record TimedQuote(Quote Quote, long AskedAt, TimeSpan Lifetime, TimeProvider Clock)
{
    public bool IsValid => Clock.GetElapsedTime(AskedAt) < Lifetime;

    /// <summary>The quote with its validity expressed in wall-clock time.</summary>
    public Quote At(DateTimeOffset now)
    {
        var rest = Lifetime - Clock.GetElapsedTime(AskedAt);
        if (rest <= TimeSpan.Zero) return Quote with { ValidUntil = now };
        return now < Quote.ValidUntil ? Quote : Quote with { ValidUntil = now + rest };
    }
}

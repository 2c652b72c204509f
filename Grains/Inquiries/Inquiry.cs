using Banking.Events;

namespace Banking.Inquiries;

/// <summary>
/// A look at something. It is an event like any other, but not part of an account's history: it has no event id and no sequence number.
/// </summary>
/// <param name="AccountId">The account that was looked at, in whose partition the inquiry goes; null for prices.</param>
public readonly record struct Inquiry(string EventType, string? Description, string? AccountId, RequestOrigin? Origin)
{
    public static Inquiry OfFrontPage(RequestOrigin? origin) => new(EventTypes.Default, null, null, origin);

    public static Inquiry OfAllPrices(RequestOrigin? origin) =>
        new(EventTypes.ReturnAssetPrice, "Return price for all assets", null, origin);

    public static Inquiry OfPrice(string assetName, RequestOrigin? origin) => new(EventTypes.ReturnAssetPrice, assetName, null, origin);

    public static Inquiry OfAccount(string accountId, RequestOrigin? origin) =>
        new(EventTypes.ReturnAccountInformation, accountId, accountId, origin);

    public GameEvent ToEvent(DateTimeOffset now) => new()
    {
        EventType = EventType,
        Description = Description,
        Origin = Origins.Cut(Origin),
        AccountId = AccountId,
        OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
    };
}

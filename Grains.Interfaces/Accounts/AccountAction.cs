using Banking.Events;

namespace Banking.Accounts;

/// <summary>A player's wish to change an account. Performed at most once per <see cref="ActionId"/>.</summary>
[GenerateSerializer, Immutable, Alias("banking.account-action")]
public abstract record AccountAction
{
    /// <summary>
    /// Made by the client, 1 to 128 visible ASCII characters; a retry carries the same one and gets the first result. A retry that comes
    /// after the account forgot the result is refused, never run again: for ever if the id is a UUIDv7, which carries its time
    /// (<see cref="ActionCode.ActionTooOld"/>), for a day if it is any other (<see cref="ActionCode.ActionForgotten"/>).
    /// </summary>
    [Id(0)] public required string ActionId { get; init; }

    [Id(1)] public RequestOrigin? Origin { get; init; }
}

[GenerateSerializer, Immutable, Alias("banking.open-account")]
public sealed record OpenAccount([property: Id(0)] string FullName) : AccountAction;

/// <summary>Closes the account if <paramref name="FullName"/> is the holder's; its cash is paid out, its positions lapse.</summary>
[GenerateSerializer, Immutable, Alias("banking.delete-account")]
public sealed record DeleteAccount([property: Id(0)] string FullName) : AccountAction;

[GenerateSerializer, Immutable, Alias("banking.deposit")]
public sealed record Deposit([property: Id(0)] decimal Amount) : AccountAction;

[GenerateSerializer, Immutable, Alias("banking.withdraw")]
public sealed record Withdraw([property: Id(0)] decimal Amount) : AccountAction;

/// <summary>Buys at the market's price, but at no more than <paramref name="LimitPrice"/> a unit if one is given.</summary>
[GenerateSerializer, Immutable, Alias("banking.buy-asset")]
public sealed record BuyAsset(
    [property: Id(0)] string AssetName,
    [property: Id(1)] long Quantity,
    [property: Id(2)] decimal? LimitPrice = null) : AccountAction;

/// <summary>Sells at the market's price, but at no less than <paramref name="LimitPrice"/> a unit if one is given.</summary>
[GenerateSerializer, Immutable, Alias("banking.sell-asset")]
public sealed record SellAsset(
    [property: Id(0)] string AssetName,
    [property: Id(1)] long Quantity,
    [property: Id(2)] decimal? LimitPrice = null) : AccountAction;

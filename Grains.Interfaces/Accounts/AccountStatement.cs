namespace Banking.Accounts;

/// <summary>
/// What a player sees of an open account, valued at the prices of <see cref="AsOf"/>. If there is any cash, it is the first of the
/// holdings.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.account-statement")]
public sealed record AccountStatement(
    [property: Id(0)] string AccountId,
    [property: Id(1)] string FullName,
    [property: Id(2)] decimal TotalValue,
    [property: Id(3)] decimal OriginalValue,
    [property: Id(4)] DateTimeOffset AsOf,
    [property: Id(5)] IReadOnlyList<Holding> Holdings);

/// <param name="OriginalValue">What was paid for the units still held, by average cost.</param>
/// <param name="ChangedAt">When the holding last changed.</param>
[GenerateSerializer, Immutable, Alias("banking.holding")]
public sealed record Holding(
    [property: Id(0)] string AssetName,
    [property: Id(1)] string AssetType,
    [property: Id(2)] decimal Quantity,
    [property: Id(3)] decimal OriginalValue,
    [property: Id(4)] DateTimeOffset ChangedAt,
    [property: Id(5)] decimal CurrentValue);

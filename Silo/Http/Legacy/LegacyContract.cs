using System.Text.Json.Serialization;
using Banking.Accounts;
using Banking.Markets;

namespace Banking.Silo.Http.Legacy;

/// <summary>
/// The body of any action. The last three fields belong to the resource API and are not used here; they are read so that a wrong type is
/// still refused.
/// </summary>
internal sealed record LegacyRequest(
    string? UserId,
    string? FullName,
    string? AssetName,
    NumberText Amount,
    NumberText NumberOf,
    string? AccountId,
    NumberText Quantity,
    NumberText LimitPrice)
    : IActionRequest
{
    public string? UserId { get; } = AccountIds.Of(UserId);

    NumberText IActionRequest.Quantity => NumberOf;

    // The old API had no limits.
    NumberText IActionRequest.LimitPrice => default;
}

internal sealed record LegacyPrice(string AssetName, string AssetType, decimal Price, DateTime AsOf)
{
    public static LegacyPrice Of(Quote q) => new(q.AssetName, q.AssetType, Money.Price(q.UnitPrice), q.AsOf.UtcDateTime);
}

internal sealed record LegacyAccount(
    string UserId,
    string FullName,
    decimal TotalValue,
    decimal OriginalValue,
    DateTime AsOf,
    IReadOnlyList<LegacyHolding> Transactions)
{
    public static LegacyAccount Of(AccountStatement s) => new(
        s.AccountId,
        s.FullName,
        Money.Cents(s.TotalValue),
        Money.Cents(s.OriginalValue),
        s.AsOf.UtcDateTime,
        [.. s.Holdings.Select(h => new LegacyHolding(h.AssetName, h.AssetType, h.Quantity, Money.Cents(h.OriginalValue),
            h.ChangedAt.UtcDateTime, Money.Cents(h.CurrentValue)))]);
}

internal sealed record LegacyHolding(
    string AssetName, string AssetType, decimal NumberOf, decimal OriginalValue, DateTime TransactionDate, decimal CurrentValue);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(MillisecondTimes)])]
[JsonSerializable(typeof(LegacyRequest))]
[JsonSerializable(typeof(LegacyPrice))]
[JsonSerializable(typeof(LegacyPrice[]))]
[JsonSerializable(typeof(LegacyAccount))]
internal sealed partial class LegacyJson : JsonSerializerContext;

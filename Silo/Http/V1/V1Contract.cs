using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Banking.Accounts;
using Banking.Callers;
using Banking.Markets;

namespace Banking.Silo.Http.V1;

// Requests. What a body lacks is null, whatever the type says: the routes report in their own words what is missing.
internal sealed record OpenAccountRequest(
    [property: Description("1 to 128 letters and digits of any script, and . _ - @ +")] string AccountId,
    [property: Description("1 to 256 characters, none of them control characters.")] string FullName);

internal sealed record MoneyRequest(
    [property: Description("Above 0, with up to two decimal places. A string that holds the number is taken too.")] NumberText Amount)
    : IActionRequest;

internal sealed record OrderRequest(
    string AssetName,
    [property: Whole]
    [property: Description("Whole units, above 0. A string that holds the number is taken too.")]
    NumberText Quantity,
    [property: Description("What a unit may cost at most, or must bring at least, with up to six decimal places; null: any.")]
    NumberText LimitPrice = default)
    : IActionRequest;

internal sealed record OwnerRequest(
    [property: RegularExpression("^[!-~]{1,256}$")]
    [property: Description("Who issues the owner's tokens: 1 to 256 visible ASCII characters.")]
    string Issuer,
    [property: Description("The owner as the issuer knows them: 1 to 256 characters, none of them control characters.")] string Subject)
    : IActionRequest;

internal sealed record NewKeyRequest(
    [property: Description("What people call it: 1 to 100 characters, none of them control characters.")] string Name,
    [property: Description("player, server, operator or analyst.")] string Role,
    [property: Description("From when on it is refused; null: never.")] DateTime? ExpiresAt = null);

/// <summary>The number has no decimal places.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WholeAttribute : Attribute;

internal sealed record ActionReply(
    string Code,
    [property: Description("The account's number of the event: 1, 2, 3 and so on.")] long SequenceNumber,
    [property: Description("When the account decided, UTC.")] DateTime OccurredAt,
    [property: Description("Money moved.")] decimal Amount,
    [property: Description("Cash after the action.")] decimal CashBalance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("The price that a trade was settled at; absent for anything else.")]
    decimal? UnitPrice = null)
{
    public static ActionReply Of(ActionResult r) => new(
        Refusals.NameOf(r.Code),
        r.SequenceNumber,
        r.OccurredAt.UtcDateTime,
        Money.Cents(r.Amount),
        Money.Cents(r.CashBalance),
        r.UnitPrice == 0 ? null : Money.Price(r.UnitPrice));
}

internal sealed record HoldingReply(
    string AssetName, string AssetType, decimal Quantity, decimal OriginalValue, DateTime ChangedAt, decimal CurrentValue);

internal sealed record StatementReply(
    string AccountId,
    string FullName,
    decimal TotalValue,
    decimal OriginalValue,
    DateTime AsOf,
    IReadOnlyList<HoldingReply> Holdings)
{
    public static StatementReply Of(AccountStatement s) => new(
        s.AccountId,
        s.FullName,
        Money.Cents(s.TotalValue),
        Money.Cents(s.OriginalValue),
        s.AsOf.UtcDateTime,
        [.. s.Holdings.Select(h => new HoldingReply(h.AssetName, h.AssetType, h.Quantity, Money.Cents(h.OriginalValue),
            h.ChangedAt.UtcDateTime, Money.Cents(h.CurrentValue)))]);
}

internal sealed record LedgerReply(
    string AccountId,
    bool IsOpen,
    long SequenceNumber,
    decimal Cash,
    decimal PaidIn,
    decimal PaidOut,
    decimal Spent,
    decimal Earned,
    IReadOnlyDictionary<string, long> Positions,
    int Unpublished)
{
    public static LedgerReply Of(AccountLedger l) =>
        new(
            l.AccountId,
            l.IsOpen,
            l.SequenceNumber,
            Money.Cents(l.Cash),
            Money.Cents(l.PaidIn),
            Money.Cents(l.PaidOut),
            Money.Cents(l.Spent),
            Money.Cents(l.Earned),
            l.Positions,
            l.Unpublished);
}

internal sealed record LedgerPage(
    IReadOnlyList<LedgerReply> Ledgers,
    [property: Description("The value of `after` for the next page; null on the last one.")] string? Next);

internal sealed record AssetReply(string AssetName, string AssetType, decimal Price, DateTime AsOf, bool Halted, bool Tradable)
{
    public static AssetReply Of(Quote q) =>
        new(q.AssetName, q.AssetType, Money.Price(q.UnitPrice), q.AsOf.UtcDateTime, q.Halted, q.Tradable);
}

internal sealed record KeyReply(
    [property: Description("The part of the key that is no secret.")] string Id,
    string Name,
    string Role,
    DateTime CreatedAt,
    DateTime? ExpiresAt,
    [property: Description("Who made it.")] string? CreatedBy)
{
    public static KeyReply Of(ApiKey key) => new(
        key.Id, key.Name, NameOf(key.Role), key.CreatedAt.UtcDateTime, key.ExpiresAt?.UtcDateTime,
        key.CreatedBy is { } by ? $"{by.Issuer} {by.Subject}" : null);

    public static string NameOf(CallerRole role) => role.ToString().ToLowerInvariant();
}

internal sealed record NewKeyReply(
    string Id,
    string Name,
    string Role,
    DateTime? ExpiresAt,
    [property: Description("The key itself. It is shown only now.")] string Key);

internal sealed record KeysReply(IReadOnlyList<KeyReply> Keys);

internal sealed record FlushedPartition(int Partition, long Offset);

internal sealed record FlushReply(IReadOnlyList<FlushedPartition> Partitions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(MillisecondTimes)])]
[JsonSerializable(typeof(OpenAccountRequest))]
[JsonSerializable(typeof(MoneyRequest))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(OwnerRequest))]
[JsonSerializable(typeof(ActionReply))]
[JsonSerializable(typeof(StatementReply))]
[JsonSerializable(typeof(LedgerReply))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(AssetReply))]
[JsonSerializable(typeof(AssetReply[]))]
[JsonSerializable(typeof(FlushReply))]
[JsonSerializable(typeof(CompactionReply))]
[JsonSerializable(typeof(RepairReply))]
[JsonSerializable(typeof(NewKeyRequest))]
[JsonSerializable(typeof(NewKeyReply))]
[JsonSerializable(typeof(KeyReply))]
[JsonSerializable(typeof(KeysReply))]
internal sealed partial class V1Json : JsonSerializerContext;

using System.Text.Json.Serialization;
using Banking.Accounts;
using Banking.Markets;

namespace Banking.Silo.Http.V1;

/// <summary>Amounts and quantities may also be strings that hold a number.</summary>
internal sealed record OpenAccountRequest(string AccountId, string FullName);

internal sealed record MoneyRequest(decimal Amount);

internal sealed record OrderRequest(string AssetName, long Quantity, decimal? LimitPrice);

internal sealed record ActionReply(string Code, long SequenceNumber, DateTime OccurredAt, decimal Amount, decimal CashBalance, decimal UnitPrice);

internal sealed record ProblemReply(string Type, string Title, int Status, string Detail, string Code);

internal sealed record HoldingReply(string AssetName, string AssetType, decimal Quantity, decimal OriginalValue, DateTime ChangedAt, decimal CurrentValue);

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
        [.. s.Holdings.Select(h => new HoldingReply(h.AssetName, h.AssetType, h.Quantity, Money.Cents(h.OriginalValue), h.ChangedAt.UtcDateTime, Money.Cents(h.CurrentValue)))]);
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

/// <param name="Next">The value of <c>after</c> for the next page; null on the last one.</param>
internal sealed record LedgerPage(IReadOnlyList<LedgerReply> Ledgers, string? Next);

internal sealed record AssetReply(string AssetName, string AssetType, decimal Price, DateTime AsOf, bool Halted, bool Tradable)
{
    public static AssetReply Of(Quote q) => new(q.AssetName, q.AssetType, Money.Price(q.UnitPrice), q.AsOf.UtcDateTime, q.Halted, q.Tradable);
}

internal sealed record FlushedPartition(int Partition, long Offset);

internal sealed record FlushReply(IReadOnlyList<FlushedPartition> Partitions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OpenAccountRequest))]
[JsonSerializable(typeof(MoneyRequest))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(ActionReply))]
[JsonSerializable(typeof(ProblemReply))]
[JsonSerializable(typeof(StatementReply))]
[JsonSerializable(typeof(LedgerReply))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(AssetReply))]
[JsonSerializable(typeof(AssetReply[]))]
[JsonSerializable(typeof(FlushReply))]
[JsonSerializable(typeof(CompactionReply))]
[JsonSerializable(typeof(RepairReply))]
internal sealed partial class V1Json : JsonSerializerContext;

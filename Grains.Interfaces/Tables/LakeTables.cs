using System.Text;
using Banking.Events;

namespace Banking.Lake.Tables;

/// <summary>
/// The four tables. Names and the first columns are the old pipeline's; the typed columns come after them, and new ones are only ever
/// added at the end, under the next <see cref="SchemaVersion"/>.
/// </summary>
public static class LakeTables
{
    /// <summary>Stands in every file's footer.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The partition column: the day (UTC) as <c>yyyy-MM-dd</c>, in the folder's name only.</summary>
    public const string DayColumn = "dt";

    public static LakeTable AssetPrices { get; } =
        new("asset_prices", [EventTypes.ReturnAssetPrice, EventTypes.ReturnAccountInformation], [.. Request(), .. Typed()]);

    public static LakeTable AccountStatus { get; } =
        new("account_status", [EventTypes.OpenAccount, EventTypes.DeleteAccount], [.. Request(), .. RequestBody(), .. Typed()]);

    public static LakeTable AssetTransactions { get; } =
        new("asset_transactions", [EventTypes.BuyAsset, EventTypes.SellAsset], [.. Request(), .. RequestBody(), .. Typed()]);

    public static LakeTable CashTransactions { get; } =
        new("cash_transactions", [EventTypes.MakeDeposit, EventTypes.MakeWithdrawal], [.. Request(), .. RequestBody(), .. Typed()]);

    public static IReadOnlyList<LakeTable> All { get; } = [AssetPrices, AccountStatus, AssetTransactions, CashTransactions];

    private static readonly (byte[] EventType, int Table)[] Routes =
        [.. All.SelectMany((table, i) => table.EventTypes.Select(type => (Encoding.UTF8.GetBytes(type), i)))];

    private static readonly byte[] DefaultType = Encoding.UTF8.GetBytes(EventTypes.Default);

    /// <summary>Where an event goes.</summary>
    /// <param name="table">The index in <see cref="All"/>; -1 for <c>default</c>, which has no table.</param>
    /// <returns>False for a type nobody knows.</returns>
    public static bool TryRoute(ReadOnlySpan<byte> eventType, out int table)
    {
        foreach (var route in Routes)
        {
            if (!eventType.SequenceEqual(route.EventType)) continue;
            table = route.Table;
            return true;
        }

        table = -1;
        return eventType.SequenceEqual(DefaultType);
    }

    private static LakeColumn[] Request() =>
    [
        new("raw_event", LakeColumnType.Text, EventField.RawEvent),
        new("timestamp", LakeColumnType.Text, EventField.RecordTime),
        new("accept", LakeColumnType.Text, EventField.Accept, Repetitive: true),
        new("host", LakeColumnType.Text, EventField.Host, Repetitive: true),
        new("user_agent", LakeColumnType.Text, EventField.UserAgent, Repetitive: true),
        new("event_type", LakeColumnType.Text, EventField.EventType, Repetitive: true),
        new("description", LakeColumnType.Text, EventField.Description),
    ];

    private static LakeColumn[] RequestBody() =>
    [
        new("content_length", LakeColumnType.Integer, EventField.ContentLength),
        new("accept_encoding", LakeColumnType.Text, EventField.AcceptEncoding, Repetitive: true),
        new("connection", LakeColumnType.Text, EventField.Connection, Repetitive: true),
        new("content_type", LakeColumnType.Text, EventField.ContentType, Repetitive: true),
    ];

    private static LakeColumn[] Typed() =>
    [
        new("event_id", LakeColumnType.Text, EventField.EventId),
        new("account_id", LakeColumnType.Text, EventField.AccountId),
        new("sequence_number", LakeColumnType.BigInteger, EventField.SequenceNumber),
        new("action_id", LakeColumnType.Text, EventField.ActionId),
        new("occurred_at", LakeColumnType.Timestamp, EventField.OccurredAt),
        new("asset_name", LakeColumnType.Text, EventField.AssetName, Repetitive: true),
        new("asset_type", LakeColumnType.Text, EventField.AssetType, Repetitive: true),
        new("quantity", LakeColumnType.BigInteger, EventField.Quantity),
        new("unit_price", LakeColumnType.Decimal, EventField.UnitPrice, EventFields.PriceScale),
        new("amount", LakeColumnType.Decimal, EventField.Amount, EventFields.MoneyScale),
        new("cash_balance", LakeColumnType.Decimal, EventField.CashBalance, EventFields.MoneyScale),
        new("log_partition", LakeColumnType.Integer, EventField.Partition),
        new("log_offset", LakeColumnType.BigInteger, EventField.Offset),
    ];
}

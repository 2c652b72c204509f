using System.Text;
using Banking.Accounts;
using Banking.Events;

namespace Banking.Lake.Tables;

/// <summary>
/// The four tables. Their names and first columns are the old pipeline's. The typed columns follow; new ones are only ever added at the
/// end, under the next <see cref="SchemaVersion"/>.
/// </summary>
public static class LakeTables
{
    /// <summary>The schema's version, written into every file's footer.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The partition column: the day (UTC) as <c>yyyy-MM-dd</c>, in the folder's name only.</summary>
    public const string DayColumn = "dt";

    public static LakeTable AssetPrices { get; } =
        new("asset_prices", [EventTypes.ReturnAssetPrice, EventTypes.ReturnAccountInformation], [.. Request(), .. Typed()]);

    public static LakeTable AccountStatus { get; } = OfActions("account_status");

    public static LakeTable AssetTransactions { get; } = OfActions("asset_transactions");

    public static LakeTable CashTransactions { get; } = OfActions("cash_transactions");

    public static IReadOnlyList<LakeTable> All { get; } = [AssetPrices, AccountStatus, AssetTransactions, CashTransactions];

    private static readonly (byte[] EventType, int Table)[] Routes =
        [.. All.SelectMany((table, i) => table.EventTypes.Select(type => (Encoding.UTF8.GetBytes(type), i)))];

    private static readonly byte[] DefaultType = Encoding.UTF8.GetBytes(EventTypes.Default);

    /// <summary>Where an event goes.</summary>
    /// <param name="table">The index in <see cref="All"/>; -1 for <c>default</c>, which has no table.</param>
    /// <returns>False for an unknown type.</returns>
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

    private static LakeTable OfActions(string name) => new(
        name,
        [.. ActionTypes.All.Where(type => type.Table == name).Select(type => type.EventType)],
        [.. Request(), .. RequestBody(), .. Typed()]);

    private static LakeColumn[] Request() =>
    [
        new("raw_event", LakeColumnType.Text, EventField.RawEvent),
        new("timestamp", LakeColumnType.Text, EventField.RecordTime),
        Column(EventField.Accept, LakeColumnType.Text, repetitive: true),
        Column(EventField.Host, LakeColumnType.Text, repetitive: true),
        Column(EventField.UserAgent, LakeColumnType.Text, repetitive: true),
        Column(EventField.EventType, LakeColumnType.Text, repetitive: true),
        Column(EventField.Description, LakeColumnType.Text),
    ];

    private static LakeColumn[] RequestBody() =>
    [
        Column(EventField.ContentLength, LakeColumnType.Integer),
        Column(EventField.AcceptEncoding, LakeColumnType.Text, repetitive: true),
        Column(EventField.Connection, LakeColumnType.Text, repetitive: true),
        Column(EventField.ContentType, LakeColumnType.Text, repetitive: true),
    ];

    private static LakeColumn[] Typed() =>
    [
        Column(EventField.EventId, LakeColumnType.Text),
        Column(EventField.AccountId, LakeColumnType.Text),
        Column(EventField.SequenceNumber, LakeColumnType.BigInteger),
        Column(EventField.ActionId, LakeColumnType.Text),
        Column(EventField.OccurredAt, LakeColumnType.Timestamp),
        Column(EventField.AssetName, LakeColumnType.Text, repetitive: true),
        Column(EventField.AssetType, LakeColumnType.Text, repetitive: true),
        Column(EventField.Quantity, LakeColumnType.BigInteger),
        Column(EventField.UnitPrice, LakeColumnType.Decimal, EventFields.PriceScale),
        Column(EventField.Amount, LakeColumnType.Decimal, EventFields.MoneyScale),
        Column(EventField.CashBalance, LakeColumnType.Decimal, EventFields.MoneyScale),
        new("log_partition", LakeColumnType.Integer, EventField.Partition),
        new("log_offset", LakeColumnType.BigInteger, EventField.Offset),
    ];

    // User-Agent is the column user_agent.
    private static LakeColumn Column(EventField field, LakeColumnType type, int scale = 0, bool repetitive = false) =>
        new(Encoding.ASCII.GetString(EventKeys.Of(field)).Replace('-', '_').ToLowerInvariant(), type, field, scale, repetitive);
}

/// <summary>A table of the lake: which events it takes, and its columns in file order (without the partition column <c>dt</c>).</summary>
public sealed record LakeTable(string Name, IReadOnlyList<string> EventTypes, IReadOnlyList<LakeColumn> Columns);

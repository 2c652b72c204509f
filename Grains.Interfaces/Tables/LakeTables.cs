using System.Text;
using Banking.Accounts;
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

    public static LakeTable AccountStatus { get; } = OfActions("account_status");

    public static LakeTable AssetTransactions { get; } = OfActions("asset_transactions");

    public static LakeTable CashTransactions { get; } = OfActions("cash_transactions");

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

    private static LakeTable OfActions(string name) => new(
        name,
        [.. ActionTypes.All.Where(type => type.Table == name).Select(type => type.EventType)],
        [.. Request(), .. RequestBody(), .. Typed()]);

    private static LakeColumn[] Request() =>
    [
        new("raw_event", EventFields.TypeOf(EventField.RawEvent), EventField.RawEvent),
        new("timestamp", EventFields.TypeOf(EventField.RecordTime), EventField.RecordTime),
        Column(EventField.Accept, repetitive: true),
        Column(EventField.Host, repetitive: true),
        Column(EventField.UserAgent, repetitive: true),
        Column(EventField.EventType, repetitive: true),
        Column(EventField.Description),
    ];

    private static LakeColumn[] RequestBody() =>
    [
        Column(EventField.ContentLength),
        Column(EventField.AcceptEncoding, repetitive: true),
        Column(EventField.Connection, repetitive: true),
        Column(EventField.ContentType, repetitive: true),
    ];

    private static LakeColumn[] Typed() =>
    [
        Column(EventField.EventId),
        Column(EventField.AccountId),
        Column(EventField.SequenceNumber),
        Column(EventField.ActionId),
        Column(EventField.OccurredAt),
        Column(EventField.AssetName, repetitive: true),
        Column(EventField.AssetType, repetitive: true),
        Column(EventField.Quantity),
        Column(EventField.UnitPrice),
        Column(EventField.Amount),
        Column(EventField.CashBalance),
        new("log_partition", EventFields.TypeOf(EventField.Partition), EventField.Partition),
        new("log_offset", EventFields.TypeOf(EventField.Offset), EventField.Offset),
    ];

    // User-Agent is the column user_agent.
    private static LakeColumn Column(EventField field, bool repetitive = false) => new(
        Encoding.ASCII.GetString(EventKeys.Of(field)).Replace('-', '_').ToLowerInvariant(),
        EventFields.TypeOf(field),
        field,
        EventFields.ScaleOf(field),
        repetitive);
}

/// <summary>
/// A table of the lake: which events it takes, and its columns in file order (partition column <c>dt</c> not among them).
/// </summary>
public sealed record LakeTable(string Name, IReadOnlyList<string> EventTypes, IReadOnlyList<LakeColumn> Columns);

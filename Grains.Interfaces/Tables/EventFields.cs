namespace Banking.Lake.Tables;

/// <summary>How the keys of an event's JSON are called, and what type each has.</summary>
public static class EventFields
{
    public const int Count = (int)EventField.CashBalance + 1;

    /// <summary>Decimal places of <c>unit_price</c>.</summary>
    public const int PriceScale = 6;

    /// <summary>Decimal places of amounts and balances.</summary>
    public const int MoneyScale = 2;

    private static readonly LakeColumnType[] Types = [.. Enum.GetValues<EventField>().Select(Declare)];

    /// <summary>What a field's value is, in the lake's columns too.</summary>
    public static LakeColumnType TypeOf(EventField field) => Types[(int)field];

    /// <summary>Decimal places of a field; 0 of those that are not decimals.</summary>
    public static int ScaleOf(EventField field) => field switch
    {
        EventField.UnitPrice => PriceScale,
        EventField.Amount or EventField.CashBalance => MoneyScale,
        _ => 0,
    };

    /// <summary>The field of a key; null for keys that have no column. By length first: this runs some twenty times an event.</summary>
    public static EventField? Find(ReadOnlySpan<byte> key) => key.Length switch
    {
        4 => key.SequenceEqual(EventKeys.Host) ? EventField.Host : null,
        6 => key[0] == 'a'
            ? Match(key, EventKeys.Amount, EventField.Amount)
            : Match(key, EventKeys.Accept, EventField.Accept),
        8 => key[0] == 'e'
            ? Match(key, EventKeys.EventId, EventField.EventId)
            : Match(key, EventKeys.Quantity, EventField.Quantity),
        9 => Match(key, EventKeys.ActionId, EventField.ActionId),
        10 => FindOfTen(key),
        11 => key[0] == 'd'
            ? Match(key, EventKeys.Description, EventField.Description)
            : Match(key, EventKeys.OccurredAt, EventField.OccurredAt),
        12 => key[0] == 'c'
            ? Match(key, EventKeys.CashBalance, EventField.CashBalance)
            : Match(key, EventKeys.ContentType, EventField.ContentType),
        14 => Match(key, EventKeys.ContentLength, EventField.ContentLength),
        15 => key[0] == 's'
            ? Match(key, EventKeys.SequenceNumber, EventField.SequenceNumber)
            : Match(key, EventKeys.AcceptEncoding, EventField.AcceptEncoding),
        _ => null,
    };

    private static EventField? FindOfTen(ReadOnlySpan<byte> key) => key[0] switch
    {
        (byte)'e' => Match(key, EventKeys.EventType, EventField.EventType),
        (byte)'U' => Match(key, EventKeys.UserAgent, EventField.UserAgent),
        (byte)'C' => Match(key, EventKeys.Connection, EventField.Connection),
        (byte)'u' => Match(key, EventKeys.UnitPrice, EventField.UnitPrice),
        (byte)'a' when key[1] == 'c' => Match(key, EventKeys.AccountId, EventField.AccountId),
        (byte)'a' when key.EndsWith("name"u8) => Match(key, EventKeys.AssetName, EventField.AssetName),
        (byte)'a' => Match(key, EventKeys.AssetType, EventField.AssetType),
        _ => null,
    };

    private static EventField? Match(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name, EventField field) =>
        key.SequenceEqual(name) ? field : null;

    private static LakeColumnType Declare(EventField field) => field switch
    {
        EventField.Partition or EventField.ContentLength => LakeColumnType.Integer,
        EventField.Offset or EventField.SequenceNumber or EventField.Quantity => LakeColumnType.BigInteger,
        EventField.OccurredAt => LakeColumnType.Timestamp,
        EventField.UnitPrice or EventField.Amount or EventField.CashBalance => LakeColumnType.Decimal,
        _ => LakeColumnType.Text,
    };
}

/// <summary>Where a column's value comes from: the record itself, or one key of the event's JSON.</summary>
public enum EventField
{
    /// <summary>The whole JSON as it came.</summary>
    RawEvent,

    /// <summary>The record's time in the log.</summary>
    RecordTime,
    Partition,
    Offset,
    EventType,
    Description,
    Accept,
    Host,
    UserAgent,
    ContentLength,
    AcceptEncoding,
    Connection,
    ContentType,
    EventId,
    AccountId,
    SequenceNumber,
    ActionId,
    OccurredAt,
    AssetName,
    AssetType,
    Quantity,
    UnitPrice,
    Amount,
    CashBalance,
}

/// <summary>
/// The keys of an event's JSON: who writes it, who reads it, and the lake's columns take them from here. Those of the request are the HTTP
/// headers' names.
/// </summary>
public static class EventKeys
{
    public static ReadOnlySpan<byte> EventType => "event_type"u8;

    public static ReadOnlySpan<byte> Description => "description"u8;

    public static ReadOnlySpan<byte> Accept => "Accept"u8;

    public static ReadOnlySpan<byte> Host => "Host"u8;

    public static ReadOnlySpan<byte> UserAgent => "User-Agent"u8;

    public static ReadOnlySpan<byte> ContentLength => "Content-Length"u8;

    public static ReadOnlySpan<byte> AcceptEncoding => "Accept-Encoding"u8;

    public static ReadOnlySpan<byte> Connection => "Connection"u8;

    public static ReadOnlySpan<byte> ContentType => "Content-Type"u8;

    public static ReadOnlySpan<byte> EventId => "event_id"u8;

    public static ReadOnlySpan<byte> AccountId => "account_id"u8;

    public static ReadOnlySpan<byte> SequenceNumber => "sequence_number"u8;

    public static ReadOnlySpan<byte> ActionId => "action_id"u8;

    public static ReadOnlySpan<byte> OccurredAt => "occurred_at"u8;

    public static ReadOnlySpan<byte> AssetName => "asset_name"u8;

    public static ReadOnlySpan<byte> AssetType => "asset_type"u8;

    public static ReadOnlySpan<byte> Quantity => "quantity"u8;

    public static ReadOnlySpan<byte> UnitPrice => "unit_price"u8;

    public static ReadOnlySpan<byte> Amount => "amount"u8;

    public static ReadOnlySpan<byte> CashBalance => "cash_balance"u8;

    /// <summary>A field's key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The field is of the record, and not of its JSON.</exception>
    public static ReadOnlySpan<byte> Of(EventField field) => field switch
    {
        EventField.EventType => EventType,
        EventField.Description => Description,
        EventField.Accept => Accept,
        EventField.Host => Host,
        EventField.UserAgent => UserAgent,
        EventField.ContentLength => ContentLength,
        EventField.AcceptEncoding => AcceptEncoding,
        EventField.Connection => Connection,
        EventField.ContentType => ContentType,
        EventField.EventId => EventId,
        EventField.AccountId => AccountId,
        EventField.SequenceNumber => SequenceNumber,
        EventField.ActionId => ActionId,
        EventField.OccurredAt => OccurredAt,
        EventField.AssetName => AssetName,
        EventField.AssetType => AssetType,
        EventField.Quantity => Quantity,
        EventField.UnitPrice => UnitPrice,
        EventField.Amount => Amount,
        EventField.CashBalance => CashBalance,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "Not a key of the JSON."),
    };
}

namespace Banking.Lake.Tables;

/// <summary>
/// The keys of an event's JSON. Its writer, its readers and the lake's columns take them from here. The request's keys are the names of the
/// HTTP headers.
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

    /// <exception cref="ArgumentOutOfRangeException">The field belongs to the record, not to its JSON.</exception>
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

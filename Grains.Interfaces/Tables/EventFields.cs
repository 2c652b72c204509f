namespace Banking.Lake.Tables;

/// <summary>How the keys of an event's JSON are called, and what type each has.</summary>
public static class EventFields
{
    public const int Count = (int)EventField.CashBalance + 1;

    /// <summary>Decimal places of <c>unit_price</c>.</summary>
    public const int PriceScale = 6;

    /// <summary>Decimal places of amounts and balances.</summary>
    public const int MoneyScale = 2;

    /// <summary>The field of a key; null for keys that have no column. By length first: this runs some twenty times an event.</summary>
    public static EventField? Find(ReadOnlySpan<byte> key) => key.Length switch
    {
        4 => key.SequenceEqual("Host"u8) ? EventField.Host : null,
        6 => key[0] == 'a'
            ? Match(key, "amount"u8, EventField.Amount)
            : Match(key, "Accept"u8, EventField.Accept),
        8 => key[0] == 'e'
            ? Match(key, "event_id"u8, EventField.EventId)
            : Match(key, "quantity"u8, EventField.Quantity),
        9 => Match(key, "action_id"u8, EventField.ActionId),
        10 => FindOfTen(key),
        11 => key[0] == 'd'
            ? Match(key, "description"u8, EventField.Description)
            : Match(key, "occurred_at"u8, EventField.OccurredAt),
        12 => key[0] == 'c'
            ? Match(key, "cash_balance"u8, EventField.CashBalance)
            : Match(key, "Content-Type"u8, EventField.ContentType),
        14 => Match(key, "Content-Length"u8, EventField.ContentLength),
        15 => key[0] == 's'
            ? Match(key, "sequence_number"u8, EventField.SequenceNumber)
            : Match(key, "Accept-Encoding"u8, EventField.AcceptEncoding),
        _ => null,
    };

    private static EventField? FindOfTen(ReadOnlySpan<byte> key) => key[0] switch
    {
        (byte)'e' => Match(key, "event_type"u8, EventField.EventType),
        (byte)'U' => Match(key, "User-Agent"u8, EventField.UserAgent),
        (byte)'C' => Match(key, "Connection"u8, EventField.Connection),
        (byte)'u' => Match(key, "unit_price"u8, EventField.UnitPrice),
        (byte)'a' when key[1] == 'c' => Match(key, "account_id"u8, EventField.AccountId),
        (byte)'a' when key.EndsWith("name"u8) => Match(key, "asset_name"u8, EventField.AssetName),
        (byte)'a' => Match(key, "asset_type"u8, EventField.AssetType),
        _ => null,
    };

    private static EventField? Match(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name, EventField field) => key.SequenceEqual(name) ? field : null;
}

namespace Banking.Lake.Tables;

/// <summary>What the keys of an event's JSON are called, and what type each has.</summary>
public static class EventFields
{
    public const int Count = (int)EventField.CashBalance + 1;

    /// <summary>Decimal places of <c>unit_price</c>.</summary>
    public const int PriceScale = 6;

    /// <summary>Decimal places of amounts and balances.</summary>
    public const int MoneyScale = 2;

    /// <summary>
    /// The field of a key; null for keys that have no column. Compares lengths first, as this runs some twenty times per event.
    /// </summary>
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
}

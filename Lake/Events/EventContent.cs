using System.Numerics;
using System.Runtime.InteropServices;
using Banking.Lake.Tables;

namespace Banking.Lake.Events;

/// <summary>
/// What an account's event says, as one number: two events of one account and number are the same event if theirs are equal. Made of the
/// type, the action, the time and the money, and not of the JSON's bytes, which another version of the program may write otherwise.
/// Differs from process to process as little as the events do. Pure.
/// </summary>
internal static class EventContent
{
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;

    public static ulong HashOf(ParsedEvent row)
    {
        var hash = Add(Odd, row.Text(EventField.EventType));
        hash = Add(hash, row.Text(EventField.ActionId));
        hash = Add(hash, row.Number(EventField.OccurredAt));
        hash = Add(hash, row.Number(EventField.Quantity));
        hash = Add(hash, row.Number(EventField.UnitPrice));
        hash = Add(hash, row.Number(EventField.Amount));
        return Add(hash, row.Number(EventField.CashBalance));
    }

    private static ulong Add(ulong hash, ReadOnlySpan<byte> text)
    {
        hash = Add(hash, text.Length);
        foreach (var word in MemoryMarshal.Cast<byte, long>(text)) hash = Add(hash, word);
        foreach (var rest in text[(text.Length / sizeof(long) * sizeof(long))..]) hash = Add(hash, rest);
        return hash;
    }

    private static ulong Add(ulong hash, long value) => BitOperations.RotateLeft((hash ^ (ulong)value) * Odd, 29);
}

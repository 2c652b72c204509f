using System.Numerics;
using System.Runtime.InteropServices;
using Banking.Lake.Tables;

namespace Banking.Lake.Events;

/// <summary>
/// What an account's event says, as one number: two events of the same account and sequence number are the same event if these numbers are
/// equal. It is made of the type, the action, the time and the money. The JSON's bytes don't count, as another version of the program may
/// write them differently. It is the same in every process. Pure.
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

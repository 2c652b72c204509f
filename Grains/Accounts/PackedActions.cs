using System.Buffers.Binary;

namespace Banking.Accounts;

/// <summary>
/// Remembered actions as bytes, some 45 each. They are written with every action of the account, so they are copied as a whole instead of
/// being serialized one by one. An entry is its length (1 byte), the id and fingerprint (24 bytes, little-endian) and the code (1 byte).
/// These follow as 7-bit varints: issued at, decided at, sequence number, amount and cash balance in cents, unit price in millionths.
/// </summary>
internal static class PackedActions
{
    private const int FixedLength = 26;
    private const int MaxEntryLength = FixedLength + (6 * 10);

    /// <summary>The entries without the first ones, and one more at the end.</summary>
    /// <param name="dropBytes">The length of the entries to drop.</param>
    public static byte[] Append(byte[] packed, int dropBytes, in RememberedAction action)
    {
        Span<byte> entry = stackalloc byte[MaxEntryLength];
        var length = Write(entry, action);
        var result = new byte[packed.Length - dropBytes + length];
        packed.AsSpan(dropBytes).CopyTo(result);
        entry[..length].CopyTo(result.AsSpan(packed.Length - dropBytes));
        return result;
    }

    public static int LengthAt(byte[] packed, int offset) => packed[offset];

    private static bool HasId(byte[] packed, int offset, in ActionIdentity identity)
    {
        var entry = packed.AsSpan(offset);
        return BinaryPrimitives.ReadUInt64LittleEndian(entry[1..]) == identity.IdLow
            && BinaryPrimitives.ReadUInt64LittleEndian(entry[9..]) == identity.IdHigh;
    }

    public static bool TryFind(byte[] packed, in ActionIdentity identity, out RememberedAction found)
    {
        for (var at = 0; at < packed.Length; at += LengthAt(packed, at))
        {
            if (!HasId(packed, at, identity)) continue;
            found = Read(packed, at);
            return true;
        }

        found = default;
        return false;
    }

    public static IEnumerable<RememberedAction> All(byte[] packed)
    {
        for (var at = 0; at < packed.Length; at += LengthAt(packed, at)) yield return Read(packed, at);
    }

    /// <summary>The low half of each entry's id.</summary>
    public static ulong[] IdsLow(byte[] packed, int count)
    {
        var ids = new ulong[count];
        for (var (at, i) = (0, 0); at < packed.Length; at += LengthAt(packed, at))
        {
            ids[i++] = BinaryPrimitives.ReadUInt64LittleEndian(packed.AsSpan(at + 1));
        }
        return ids;
    }

    public static RememberedAction Read(byte[] packed, int offset)
    {
        var entry = packed.AsSpan(offset, packed[offset]);
        var rest = entry[FixedLength..];
        return new RememberedAction
        {
            IdLow = BinaryPrimitives.ReadUInt64LittleEndian(entry[1..]),
            IdHigh = BinaryPrimitives.ReadUInt64LittleEndian(entry[9..]),
            Fingerprint = BinaryPrimitives.ReadUInt64LittleEndian(entry[17..]),
            Code = (ActionCode)entry[25],
            IssuedAt = ReadVarint(ref rest),
            DecidedAt = ReadVarint(ref rest),
            SequenceNumber = ReadVarint(ref rest),
            Amount = new decimal(ReadVarint(ref rest)) / 100,
            CashBalance = new decimal(ReadVarint(ref rest)) / 100,
            UnitPrice = new decimal(ReadVarint(ref rest)) / 1_000_000,
        };
    }

    private static int Write(Span<byte> entry, in RememberedAction action)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(entry[1..], action.IdLow);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[9..], action.IdHigh);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[17..], action.Fingerprint);
        entry[25] = checked((byte)action.Code);
        var length = FixedLength;
        WriteVarint(entry, ref length, action.IssuedAt);
        WriteVarint(entry, ref length, action.DecidedAt);
        WriteVarint(entry, ref length, action.SequenceNumber);
        WriteVarint(entry, ref length, decimal.ToInt64(action.Amount * 100));
        WriteVarint(entry, ref length, decimal.ToInt64(action.CashBalance * 100));
        WriteVarint(entry, ref length, decimal.ToInt64(action.UnitPrice * 1_000_000));
        entry[0] = (byte)length;
        return length;
    }

    private static void WriteVarint(Span<byte> entry, ref int length, long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            entry[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        entry[length++] = (byte)rest;
    }

    private static long ReadVarint(ref Span<byte> rest)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = rest[0];
            rest = rest[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return (long)value;
        }
    }
}

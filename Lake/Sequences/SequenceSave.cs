using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Banking.Lake.Sequences;

/// <summary>
/// The saved form of a <see cref="SequenceMap"/>: a magic number, the offset it covers, the day of that offset's file, the number of
/// accounts, each account as length, UTF-8 and number, and the SHA-256 of all that. Numbers are little-endian. Pure.
/// </summary>
internal static class SequenceSave
{
    private const int HeaderSize = 8 + 8 + 4 + 4;

    private static ReadOnlySpan<byte> Magic => "bankseq1"u8;

    /// <param name="end">The last offset covered: every row in a file up to it is in the map.</param>
    public static byte[] Encode(SequenceMap map, long end, DateOnly day)
    {
        var size = HeaderSize + SHA256.HashSizeInBytes;
        var count = 0;
        for (var i = 0; i < map.Count; i++)
        {
            if (map.Durable(i) == long.MinValue) continue;
            size += sizeof(int) + map.Account(i).Length + sizeof(long);
            count++;
        }

        var bytes = new byte[size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), end);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), day.DayNumber);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), count);
        var rest = bytes.AsSpan(HeaderSize);
        for (var i = 0; i < map.Count; i++)
        {
            if (map.Durable(i) == long.MinValue) continue;
            var account = map.Account(i);
            BinaryPrimitives.WriteInt32LittleEndian(rest, account.Length);
            account.CopyTo(rest[4..]);
            BinaryPrimitives.WriteInt64LittleEndian(rest[(4 + account.Length)..], map.Durable(i));
            rest = rest[(12 + account.Length)..];
        }

        SHA256.HashData(bytes.AsSpan(0, size - SHA256.HashSizeInBytes), rest);
        return bytes;
    }

    /// <summary>Adds a save's accounts to a map.</summary>
    /// <returns>False, and the map unchanged, if these bytes are not a whole save.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, SequenceMap map, out long end, out DateOnly day)
    {
        end = -1;
        day = default;
        if (bytes.Length < HeaderSize + SHA256.HashSizeInBytes || !bytes.StartsWith(Magic)) return false;
        var body = bytes[..^SHA256.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        if (!hash.SequenceEqual(bytes[body.Length..])) return false;
        end = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        day = DateOnly.FromDayNumber(BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
        var rest = body[HeaderSize..];
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            map.Observe(rest.Slice(4, length), BinaryPrimitives.ReadInt64LittleEndian(rest[(4 + length)..]));
            rest = rest[(12 + length)..];
        }

        return true;
    }
}

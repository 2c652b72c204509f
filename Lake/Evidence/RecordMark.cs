using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Banking.Lake.Events;

namespace Banking.Lake.Evidence;

/// <summary>
/// Identifies a record: enough to tell whether the log still has exactly the same one at that offset. It can be made from an event's row as
/// well as from the record itself. Pure.
/// </summary>
/// <param name="Timestamp">Milliseconds since 1970-01-01 UTC, within what the lake can hold.</param>
/// <param name="Hash">The first 64 bits of the SHA-256 of the record's value, as the lake's rows have it.</param>
public readonly record struct RecordMark(long Offset, long Timestamp, ulong Hash)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static RecordMark Of(in LakeRecord record) => new(record.Offset, Clamp(record.Timestamp), HashOf(record.Value.Span));

    /// <param name="timestamp">The row's time, as its column has it.</param>
    /// <exception cref="InvalidDataException">The row's time is not a valid time.</exception>
    internal static RecordMark OfRow(long offset, string timestamp, string rawEvent) =>
        DateTime.TryParseExact(
            timestamp, LogTime.Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            ? new(offset, new DateTimeOffset(time).ToUnixTimeMilliseconds(), HashOf(Encoding.UTF8.GetBytes(rawEvent)))
            : throw new InvalidDataException($"The row of offset {offset} has the time '{timestamp}'.");

    /// <summary>E.g. <c>41,1764072000000,8f434346648f6b96</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Offset},{Timestamp},{Hash:x16}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    internal static bool TryParse(string text, out RecordMark mark)
    {
        mark = default;
        if (text.Split(',') is not [var first, var second, var third]
            || !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            || !long.TryParse(second, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timestamp)
            || !ulong.TryParse(third, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)) return false;
        mark = new RecordMark(offset, timestamp, hash);
        return true;
    }

    private static long Clamp(long milliseconds) => new DateTimeOffset(LogTime.ToUtc(milliseconds)).ToUnixTimeMilliseconds();

    private static ulong HashOf(ReadOnlySpan<byte> value)
    {
        if (value.StartsWith(ByteOrderMark)) value = value[ByteOrderMark.Length..];

        // Bytes that are not UTF-8 become other text in the lake.
        if (!Utf8.IsValid(value)) value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(value));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(value, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

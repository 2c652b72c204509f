using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Banking.Streaming.Log;

/// <summary>
/// Cuts records that are too large for their destination: the beginning stays, and a header describes the original. Pure.
/// </summary>
public static class RecordCut
{
    /// <summary>The header of a record that was cut; its value is a sentence with the original lengths and the SHA-256 of the
    /// value.</summary>
    public const string HeaderName = "orleans-record-cut";

    /// <summary>The most bytes that the sentence takes.</summary>
    private const int SentenceBytes = 512;

    /// <summary>True if only a part of the record is here: it must not be read as if it were whole.</summary>
    public static bool IsCut(in LogRecord record) => SentenceOf(record) is not null;

    /// <summary>What was cut; null if the record is whole.</summary>
    public static string? SentenceOf(in LogRecord record)
    {
        for (var i = 0; i < record.Headers.Count; i++)
        {
            // Anybody may have written it.
            if (record.Headers[i].Name != HeaderName) continue;
            var text = record.Headers[i].Value.Span;
            return Encoding.UTF8.GetString(text[..Math.Min(SentenceBytes, text.Length)]);
        }

        return null;
    }

    /// <summary>How many bytes a record takes, including the overhead of its headers.</summary>
    public static long SizeOf(in NewLogRecord record) =>
        RecordSize.Of(record) + ((record.Headers?.Count ?? 0) * (long)RecordSize.HeaderOverhead);

    /// <summary>
    /// The record, or as much of it as fits: the key and the headers take at most a quarter each and are kept whole or dropped; of the
    /// value the beginning is kept.
    /// </summary>
    /// <param name="added">Headers that stay, whatever else is dropped.</param>
    /// <param name="maxBytes">The most that <see cref="SizeOf"/> may be; at least 4 KiB more than the headers that stay.</param>
    /// <returns>The record with the added headers after its own and, if it was cut, a header with the sentence.</returns>
    public static NewLogRecord Fit(in NewLogRecord record, IReadOnlyList<LogHeader> added, long maxBytes)
    {
        var whole = record with { Headers = [.. record.Headers, .. added] };
        if (SizeOf(whole) <= maxBytes) return whole;
        var room = maxBytes - SizeOf(
            new NewLogRecord(default, default, added)) - SentenceBytes - RecordSize.HeaderOverhead - HeaderName.Length;
        var key = Begin(record.Key, room / 4);
        var headers = Fitting(record.Headers, room / 4);
        var value = Begin(record.Value, room - key.Length - SizeOf(new NewLogRecord(default, default, headers)));
        var cut = Header(record.Value.Span, record.Key.Length, record.Headers.Count, value.Length, key.Length, headers.Count);
        return new NewLogRecord(key, value, [.. headers, .. added, cut]);
    }

    /// <summary>The header of a record of which only a part is kept.</summary>
    /// <param name="value">The whole value.</param>
    public static LogHeader Header(ReadOnlySpan<byte> value, long key, int headers, long keptValue, long keptKey, int keptHeaders)
    {
        var sentence = string.Create(
            CultureInfo.InvariantCulture,
            $"Cut: the first {keptValue} of {value.Length} bytes of the value (SHA-256 "
                + $"{Convert.ToHexStringLower(SHA256.HashData(value))}), ")
            + string.Create(CultureInfo.InvariantCulture, $"{keptKey} of {key} bytes of the key, {keptHeaders} of {headers} headers.");
        return new LogHeader(HeaderName, Encoding.UTF8.GetBytes(sentence));
    }

    private static ReadOnlyMemory<byte> Begin(ReadOnlyMemory<byte> bytes, long room) =>
        bytes.Length <= room ? bytes : bytes[..(int)Math.Max(0, room)];

    private static List<LogHeader> Fitting(IReadOnlyList<LogHeader> headers, long room)
    {
        List<LogHeader> fitting = [];
        foreach (var header in headers)
        {
            var bytes = Encoding.UTF8.GetByteCount(header.Name) + header.Value.Length + RecordSize.HeaderOverhead;
            if (bytes > room) continue;
            room -= bytes;
            fitting.Add(header);
        }

        return fitting;
    }
}

using System.Numerics;
using System.Text;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>
/// How many bytes a record takes in its own batch, uncompressed, which a broker compares with the topic's <c>max.message.bytes</c>. See
/// "Record Batch" in Kafka's protocol guide (magic 2). Pure.
/// </summary>
internal static class WireSize
{
    /// <summary>The fields from base offset to record count.</summary>
    private const int BatchHeader = 61;

    /// <summary>Attributes, timestamp delta and offset delta, all 0 for the first record.</summary>
    private const int RecordHeader = 3;

    public static long Of(in NewLogRecord record)
    {
        var count = record.Headers?.Count ?? 0;
        var body = RecordHeader + OfBytes(record.Key.Length) + OfBytes(record.Value.Length) + OfNumber(count);
        for (var i = 0; i < count; i++)
        {
            var header = record.Headers![i];
            body += OfBytes(Encoding.UTF8.GetByteCount(header.Name)) + OfBytes(header.Value.Length);
        }

        return BatchHeader + OfNumber(body) + body;
    }

    private static long OfBytes(long length) => OfNumber(length) + length;

    /// <summary>The size of a number as a zigzag varint.</summary>
    private static int OfNumber(long number) => Math.Max(1, (BitOperations.Log2((ulong)number << 1) / 7) + 1);
}

using Banking.Lake.Events;
using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

internal static class LogRecords
{
    /// <summary>What the lake takes of a record: key and headers stay in the log.</summary>
    public static LakeRecord ForLake(this in LogRecord record) => new(record.Offset, record.Timestamp, record.Value);
}

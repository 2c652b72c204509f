namespace Banking.Streaming.Log;

/// <summary>A record as the log holds it.</summary>
/// <param name="Timestamp">When the log took it, in milliseconds since 1970-01-01 UTC. In the embedded log it never goes back within a
/// partition.</param>
/// <param name="Key">The key; empty if the record has none.</param>
[GenerateSerializer, Immutable, Alias("banking.streaming.log-record")]
public readonly record struct LogRecord(
    [property: Id(0)] long Offset,
    [property: Id(1)] long Timestamp,
    [property: Id(2)] ReadOnlyMemory<byte> Key,
    [property: Id(3)] ReadOnlyMemory<byte> Value,
    [property: Id(4)] IReadOnlyList<LogHeader> Headers);

[GenerateSerializer, Immutable, Alias("banking.streaming.log-header")]
public readonly record struct LogHeader([property: Id(0)] string Name, [property: Id(1)] ReadOnlyMemory<byte> Value);

/// <summary>A record to append.</summary>
public readonly record struct NewLogRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, IReadOnlyList<LogHeader> Headers);

/// <summary>
/// Consecutive records of one partition. A consumer that subscribes for this type gets whole batches as they are in the log, undecoded; the
/// token of a batch is its last record's offset.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.streaming.log-record-batch")]
public sealed record LogRecordBatch(
    [property: Id(0)] int Partition,
    [property: Id(1)] IReadOnlyList<LogRecord> Records);

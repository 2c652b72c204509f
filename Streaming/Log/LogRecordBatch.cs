namespace Banking.Streaming.Log;

/// <summary>
/// Consecutive records of one partition. A consumer that subscribes for this type gets whole batches as they stand in the log, undecoded;
/// the token of a batch is its last record's offset.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.streaming.log-record-batch")]
public sealed record LogRecordBatch(
    [property: Id(0)] int Partition,
    [property: Id(1)] IReadOnlyList<LogRecord> Records);

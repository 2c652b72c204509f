namespace Banking.Streaming.Log;

/// <summary>
/// An append-only log in partitions. The records of a partition have growing offsets. Retention removes the first records, and offsets may
/// have gaps. All members are safe for concurrent use.
/// </summary>
public interface IPartitionedLog
{
    /// <summary>
    /// A short name (letters, digits, <c>-</c>) that identifies this log. Another log that takes its place under the same name or path has
    /// another id, and the offsets of one mean nothing in the other.
    /// </summary>
    /// <exception cref="LogException">The log is not open yet.</exception>
    string LogId { get; }

    /// <summary>
    /// How many partitions streams are spread over; fixed from <see cref="OpenAsync"/> on for as long as the process runs.
    /// </summary>
    /// <exception cref="LogException">The log is not open yet.</exception>
    int PartitionCount { get; }

    /// <summary>
    /// How many partitions there are now: more than <see cref="PartitionCount"/> if the log has grown while this process runs.
    /// </summary>
    /// <exception cref="LogException">The log is not open yet.</exception>
    int LatestPartitionCount => PartitionCount;

    /// <summary>
    /// Completes when <see cref="LogId"/> and <see cref="PartitionCount"/> are known: at once for an embedded log, for others when a broker
    /// was reached. Such a log keeps trying by itself, whether or not anybody asks.
    /// </summary>
    /// <exception cref="LogException">The log is not open after the time that its settings allow for a call; it keeps trying.</exception>
    ValueTask OpenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Sentences for the person who runs the log about what puts acknowledged records at risk; empty if nothing is known.
    /// </summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>
    /// Appends records to one partition, in order, and returns when they are durable. Other appends of this process don't come between
    /// them.
    /// </summary>
    /// <returns>The offset of the last record.</returns>
    /// <remarks>A failure means that the outcome is unknown: none, all, or the first few of the records are in the log.</remarks>
    /// <exception cref="RecordRefusedException">One of the records can never be appended; none of them, or only those before it, are in the
    /// log.</exception>
    ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken);

    /// <summary>Opens a reader at <paramref name="offset"/>. A reader may have only one user at a time.</summary>
    ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken);

    /// <summary>
    /// The range of offsets that the log has, which includes everything acknowledged. While another producer's transaction is open, a
    /// reader may end before the last one.
    /// </summary>
    ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken);

    /// <summary>
    /// The offset that a consumer group has committed to go on from; null if it never did, or so long ago that the log has forgotten it.
    /// </summary>
    ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that everything below <paramref name="offset"/> is processed. Committing again is allowed, even at a lower offset. It is
    /// needed for an offset that does not move (<see cref="GroupOffsets.RenewAfter"/>).
    /// </summary>
    ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken);
}

/// <summary>Reads one partition forward.</summary>
public interface ILogReader : IAsyncDisposable
{
    /// <summary>
    /// The offset after everything that this reader returned or knows not to be a record (a transaction marker, a record removed by
    /// compaction). Once a read has found nothing more, it is the log's end. 0 from a reader that can't tell.
    /// </summary>
    long NextOffset => 0;

    /// <summary>
    /// The next records, at most <paramref name="maxRecords"/>; empty at the end of the log. Does not wait for new ones. A log across a
    /// network uses the end that it last learned after the reader was opened; records appended since then are seen after
    /// <see cref="WaitAsync"/>.
    /// </summary>
    /// <exception cref="OffsetOutOfRangeException">The reader's offset was removed by retention, or is beyond the log's end.</exception>
    ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken);

    /// <summary>
    /// Completes with true once there may be more to read than before (at once if there already is), or with false if this log can't tell.
    /// </summary>
    ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => ValueTask.FromResult(false);
}

/// <param name="First">The offset of the oldest record; equal to <paramref name="Next"/> if there is none.</param>
/// <param name="Next">The least offset that the next record will get; it is above every acknowledged record, whether or not that can be
/// read yet.</param>
public readonly record struct LogBounds(long First, long Next);

/// <summary>A reader is at an offset that the log does not have: retention removed it, or another log took this one's place.</summary>
public sealed class OffsetOutOfRangeException(int partition, long offset, LogBounds bounds)
    : Exception($"Partition {partition} holds the offsets {bounds.First} to {bounds.Next - 1}; {offset} is not among them.")
{
    public int Partition => partition;

    public long Offset => offset;

    public LogBounds Bounds => bounds;
}

/// <summary>The log can't be opened, read or written; the message is a sentence for the person who runs it.</summary>
public class LogException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The log can never take a record of an append as it is, because it is too large, say. Trying the same again is useless; the rest of the
/// append may be tried without it. Nothing of the append is in the log, or only the records before the refused one. The message is a
/// sentence that says why.
/// </summary>
public sealed class RecordRefusedException(string message, Exception? inner = null) : LogException(message, inner);

/// <summary>How logs treat the offsets that groups commit.</summary>
public static class GroupOffsets
{
    /// <summary>
    /// An offset that does not move is committed again after this time. Logs forget a group's offset if nobody commits it for a while, even
    /// if the group runs and has nothing new to commit (Kafka: <c>offsets.retention.minutes</c>, a week by default).
    /// </summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);
}

/// <summary>
/// Where records go that can't be read or processed, if the failure policy is <see cref="FailurePolicy.DeadLetter"/>. A log that has such a
/// place is also registered as a keyed service of this type, under the provider's name. Thread-safe.
/// </summary>
public interface IDeadLetterLog
{
    /// <summary>
    /// Returns when the letters are durable. The same letter may be there twice, as a failure means that the outcome is unknown.
    /// </summary>
    ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);
}

/// <param name="Partition">The record's partition.</param>
/// <param name="Record">The record as it is: key, value and headers are kept.</param>
/// <param name="Reason">A sentence saying why it is a dead letter.</param>
public readonly record struct DeadLetter(int Partition, LogRecord Record, string Reason);

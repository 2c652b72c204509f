namespace Banking.Streaming.Log;

/// <summary>
/// An append-only log in partitions. Records of a partition have offsets that grow; after retention the first ones are gone, and offsets
/// may have holes. All members are safe for concurrent use.
/// </summary>
public interface IPartitionedLog
{
    /// <summary>
    /// A short name (letters, digits, <c>-</c>) of this very log: another one that takes its place under the same name or path has another
    /// id, and offsets of the one mean nothing in the other.
    /// </summary>
    /// <exception cref="LogException">The log is not open yet.</exception>
    string LogId { get; }

    /// <summary>How many partitions streams are spread over; fixed from <see cref="OpenAsync"/> on, while the process runs.</summary>
    /// <exception cref="LogException">The log is not open yet.</exception>
    int PartitionCount { get; }

    /// <summary>
    /// How many partitions there are by now: more than <see cref="PartitionCount"/> if the log has grown while this process runs.
    /// </summary>
    /// <exception cref="LogException">The log is not open yet.</exception>
    int LatestPartitionCount => PartitionCount;

    /// <summary>
    /// Completes when <see cref="LogId"/> and <see cref="PartitionCount"/> are known: at once for an embedded log, when its broker was
    /// reached for another. Such a log goes on trying by itself, whoever asks.
    /// </summary>
    /// <exception cref="LogException">It is not open after the time that the log's settings give a call; it goes on trying.</exception>
    ValueTask OpenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>What about this log puts at risk what it has acknowledged, as sentences for the person who runs it; empty if nothing is
    /// known.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>
    /// Appends records to one partition, in order, and returns when they are durable. Other appends of this process don't come between
    /// them.
    /// </summary>
    /// <returns>The offset of the last one.</returns>
    /// <remarks>A failure means that the outcome is unknown: none, all, or the first of them are in the log.</remarks>
    /// <exception cref="RecordRefusedException">One of them can never be appended; none, or those before it, are in the log.</exception>
    ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken);

    /// <summary>Opens a reader that stands at <paramref name="offset"/>. Each reader has one user at a time.</summary>
    ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken);

    /// <summary>
    /// The offsets that the log has: all that was acknowledged lies within. A reader may end before the last one for a while, where
    /// another producer's transaction is open.
    /// </summary>
    ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken);

    /// <summary>
    /// The offset that a consumer group said it goes on from; null if it never said so, or so long ago that the log forgot it.
    /// </summary>
    ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken);

    /// <summary>
    /// Says that everything below <paramref name="offset"/> is done with. Committing again, also something lower, is allowed, and needed
    /// for an offset that stands still (<see cref="GroupOffsets.RenewAfter"/>).
    /// </summary>
    ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken);
}

/// <summary>Reads one partition forward.</summary>
public interface ILogReader : IAsyncDisposable
{
    /// <summary>
    /// The offset after all that this reader returned or knows not to be a record (a transaction's marker, what compaction took): the log's
    /// end, when a read found nothing more. 0 from a reader that can't tell.
    /// </summary>
    long NextOffset => 0;

    /// <summary>
    /// The next records, at most <paramref name="maxRecords"/>; empty where the log ends. Does not wait for new ones. A log behind a
    /// network says where it ended when it was last heard of, after the reader was opened: what was appended since then is seen after
    /// <see cref="WaitAsync"/>.
    /// </summary>
    /// <exception cref="OffsetOutOfRangeException">The reader's offset has left the log by retention, or lies beyond its end.</exception>
    ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken);

    /// <summary>
    /// Completes with true once there may be more to read than there was, at once if there already is; with false if this log can't tell.
    /// </summary>
    ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => ValueTask.FromResult(false);
}

/// <param name="First">The offset of the oldest record; equal to <paramref name="Next"/> if there is none.</param>
/// <param name="Next">The offset that the next record will get at the least; above every record that was acknowledged, whether or not it
/// can be read yet.</param>
public readonly record struct LogBounds(long First, long Next);

/// <summary>A reader stands at an offset that the log does not have: retention took it, or another log took this one's place.</summary>
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
/// The log takes a record of an append never, as it is: it is too large, say. Trying the same again is of no use; what else was in the
/// append may be tried without it. Of
/// the append nothing is in the log, or the records before the refused one. The message is a sentence that says why.
/// </summary>
public sealed class RecordRefusedException(string message, Exception? inner = null) : LogException(message, inner);

/// <summary>What a log does with the offsets that groups commit.</summary>
public static class GroupOffsets
{
    /// <summary>
    /// Logs forget a group's offset that nobody commits for a while (Kafka: <c>offsets.retention.minutes</c>, a week by default, also
    /// while the group runs and has nothing new to commit): one that stands still is committed again after this time.
    /// </summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);
}

/// <summary>
/// Where records go that nobody can read or take, when the failure policy is <see cref="FailurePolicy.DeadLetter"/>. A log that has such a
/// place is also registered as a keyed service of this type, under the provider's name. Thread-safe.
/// </summary>
public interface IDeadLetterLog
{
    /// <summary>
    /// Returns when the letters are durable. The same letter may be put there twice, as a failure means that the outcome is unknown.
    /// </summary>
    ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);
}

/// <param name="Partition">Where the record lies.</param>
/// <param name="Record">The record as it is: key, value and headers are kept.</param>
/// <param name="Reason">Why it is here, as a sentence.</param>
public readonly record struct DeadLetter(int Partition, LogRecord Record, string Reason);

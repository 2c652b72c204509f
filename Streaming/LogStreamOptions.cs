using Banking.Waiting;
using Microsoft.Extensions.Options;

namespace Banking.Streaming;

/// <summary>Who commits a consumer group's offsets.</summary>
public enum CommitMode
{
    /// <summary>
    /// The provider commits when every subscriber of the partition has taken the records: right for consumers whose work is done when their
    /// method returns.
    /// </summary>
    Delivered,

    /// <summary>
    /// The consumer commits with <see cref="Log.IPartitionedLog.CommitAsync"/> when the records are durable where it puts them: right for
    /// consumers that gather records. A consumer may find, before anything was delivered to it, that it has less than its group's offset
    /// says. It then commits its own position, and the partition is read from there.
    /// </summary>
    Consumer,
}

/// <summary>What happens to records on which a consumer fails, or that can't be read.</summary>
public enum FailurePolicy
{
    /// <summary>The stream waits and tries again, for ever. Nothing is skipped.</summary>
    Block,

    /// <summary>
    /// After <see cref="LogStreamOptions.MaxDeliveryTime"/> the batch is tried record by record, and the records that fail are skipped,
    /// logged and counted.
    /// </summary>
    Skip,

    /// <summary>
    /// As <see cref="Skip"/>, but nothing passes the record before it is durable among the dead letters, and a record that can't be read
    /// goes there at once. A letter may be there twice. Needs a log that has a place for dead letters (a keyed
    /// <see cref="Log.IDeadLetterLog"/>).
    /// </summary>
    DeadLetter,
}

/// <summary>What happens when the next offset to read is no longer in the log.</summary>
public enum LostOffsetPolicy
{
    /// <summary>The partition waits, and reports it in log messages and metrics, until a person decides.</summary>
    Block,

    /// <summary>Reading goes on with the oldest record there is; the gap is logged and counted.</summary>
    Continue,
}

/// <summary>Settings of a stream provider over a log.</summary>
public sealed class LogStreamOptions
{
    /// <summary>
    /// The stream namespace whose streams are the partitions: key <c>"0"</c> is partition 0, with all its records that don't name a stream,
    /// including those of foreign producers. Null for no such namespace. Default <c>events</c>.
    /// </summary>
    public string? PartitionNamespace { get; set; } = "events";

    /// <summary>The consumer group under which offsets are committed. Default: <c>orleans</c>.</summary>
    public string Group { get; set; } = "orleans";

    /// <summary>Default <see cref="CommitMode.Delivered"/>.</summary>
    public CommitMode CommitMode { get; set; } = CommitMode.Delivered;

    /// <summary>How often, at most, the provider commits in mode <see cref="CommitMode.Delivered"/>. Default 1 s.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// In mode <see cref="CommitMode.Consumer"/>: if everything was delivered but the group's offset has not moved for this long, the last
    /// record is offered again. A consumer that was lost with what it had gathered then comes back and asks for it again. A live consumer
    /// does not notice. Default 15 s.
    /// </summary>
    public TimeSpan ReofferInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Default <see cref="FailurePolicy.Block"/>.</summary>
    public FailurePolicy FailurePolicy { get; set; } = FailurePolicy.Block;

    /// <summary>Default <see cref="LostOffsetPolicy.Block"/>.</summary>
    public LostOffsetPolicy LostOffsetPolicy { get; set; } = LostOffsetPolicy.Block;

    /// <summary>
    /// How long a delivery is retried under <see cref="FailurePolicy.Skip"/> and <see cref="FailurePolicy.DeadLetter"/>. Default 1 minute.
    /// </summary>
    public TimeSpan MaxDeliveryTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The wait before the first retry of a delivery; it doubles. Default 50 ms.</summary>
    public TimeSpan MinRetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between retries of a delivery or a read. Default 5 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    internal Backoff Retries => new(MinRetryDelay, MaxRetryDelay);

    /// <summary>
    /// The most bytes of one record: key, value, header names and values, including the provider's own. Publishing a larger one fails with
    /// an <see cref="ArgumentException"/>, and nothing of its batch is appended. Records that others wrote into the log are delivered
    /// whatever their size. Default 1 MiB.
    /// </summary>
    public long MaxRecordBytes { get; set; } = 1024 * 1024;

    /// <summary>The most records of one delivery, 1 to 100,000. Default 1,000.</summary>
    public int BatchRecords { get; set; } = 1_000;

    /// <summary>A delivery ends with the record that reaches this many bytes. Default 1 MiB.</summary>
    public long BatchBytes { get; set; } = 1024 * 1024;

    /// <summary>A partition's cache takes no more records while it holds this many that a consumer needs. Default 16,000.</summary>
    public int CacheRecords { get; set; } = 16_000;

    /// <summary>The same limit in bytes. Default 16 MiB.</summary>
    public long CacheBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// How long the provider waits at its start for a log that is not open yet, so that its queues are known once it is created. After that
    /// the process starts without the log, and streams begin when the log opens. Zero to not wait. Default 5 s.
    /// </summary>
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the pulling agent looks for records if the log can't wake it, and the pause after each of its rounds. Default 10 ms; with
    /// a log that can wake it, an idle partition costs one round per second.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Whether the producer's request context travels with its records. A batch never mixes records with different contexts. Default true.
    /// </summary>
    public bool CarryRequestContext { get; set; } = true;

    /// <summary>Codecs by stream namespace; Orleans' serializer is used where there is none.</summary>
    public IDictionary<string, Func<IServiceProvider, ILogCodec>> Codecs { get; } =
        new Dictionary<string, Func<IServiceProvider, ILogCodec>>(StringComparer.Ordinal);

    internal BatchLimits BatchLimits => new(BatchRecords, BatchBytes);
}

/// <summary>Stops the start on impossible settings.</summary>
public sealed class LogStreamOptionsValidator : IValidateOptions<LogStreamOptions>
{
    public ValidateOptionsResult Validate(string? name, LogStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        void Check(bool holds, string sentence)
        {
            if (!holds) failures.Add($"Streams '{name}': {sentence}");
        }

        Check(options.PartitionNamespace is not "", "PartitionNamespace is empty; it must be a name, or null.");
        Check(!string.IsNullOrWhiteSpace(options.Group), "Group is missing.");
        Check(options.MaxRecordBytes >= 1, "MaxRecordBytes must be above zero.");
        Check(options.BatchRecords is >= 1 and <= 100_000, $"BatchRecords is {options.BatchRecords}; it must be 1 to 100,000.");
        Check(options.BatchBytes >= 1, "BatchBytes must be above zero.");
        Check(options.CacheRecords >= options.BatchRecords, "CacheRecords must be at least BatchRecords.");
        Check(options.CacheBytes >= options.BatchBytes, "CacheBytes must be at least BatchBytes.");
        Check(options.PollInterval >= TimeSpan.FromMilliseconds(1), "PollInterval must be at least 1 ms.");
        Check(options.OpenTimeout >= TimeSpan.Zero, "OpenTimeout must not be below zero.");
        Check(options.CommitInterval > TimeSpan.Zero, "CommitInterval must be above zero.");
        Check(options.ReofferInterval > TimeSpan.Zero, "ReofferInterval must be above zero.");
        Check(options.MaxDeliveryTime > TimeSpan.Zero, "MaxDeliveryTime must be above zero.");
        Check(
            options.MinRetryDelay > TimeSpan.Zero && options.MinRetryDelay < options.MaxRetryDelay,
            "MinRetryDelay must be above zero and below MaxRetryDelay.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

/// <param name="Records">The most records of one batch.</param>
/// <param name="Bytes">A batch ends with the record that reaches this.</param>
internal readonly record struct BatchLimits(int Records, long Bytes)
{
    /// <summary>Makes each record a batch by itself.</summary>
    public static readonly BatchLimits One = new(1, long.MaxValue);
}

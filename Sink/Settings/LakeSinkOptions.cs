using Banking.Streaming;
using Banking.Waiting;

namespace Banking.Sink.Settings;

/// <summary>Settings of the sink, bound to <see cref="Section"/>.</summary>
public sealed class LakeSinkOptions
{
    public const string Section = "Banking:Lake";

    /// <summary>How long to wait before trying a failed commit again, or whatever else the sink does until it succeeds.</summary>
    internal static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    /// <summary>
    /// The lake's folder; created if it does not exist. On HDFS: <c>webhdfs://host:port/path</c>, or <c>swebhdfs://</c> with TLS; several
    /// name nodes are separated by commas.
    /// </summary>
    public string Root { get; set; } = "data/lake";

    /// <summary>The user that the lake is to an HDFS without security (<c>user.name</c>); null for the cluster's default user.</summary>
    public string? User { get; set; }

    /// <summary>A delegation token of HDFS, URL-safe as HDFS gives it. It appears in no message.</summary>
    public string? DelegationToken { get; set; }

    /// <summary>Whether the lake identifies itself to HDFS by Kerberos (SPNEGO), with the ticket that the process finds.</summary>
    public bool Kerberos { get; set; }

    /// <summary>
    /// The Hive metastore where query engines look up the tables; null if there is none. Bound to <see cref="HiveOptions.Section"/> if that
    /// names one.
    /// </summary>
    public HiveOptions? Hive { get; set; }

    /// <summary>The stream provider that delivers the log's batches; the log is the keyed service of this name.</summary>
    public string ProviderName { get; set; } = "events";

    /// <summary>The consumer group whose offsets say what is durable in the lake.</summary>
    public string Group { get; set; } = "lake";

    /// <summary>
    /// What happens to a record that is not an event, because it is not a JSON object or its type is unknown. Skip: it is logged and
    /// counted, but goes into no table. Block: nothing after it is taken in until a person decides. DeadLetter: it goes at least once to
    /// the <see cref="Streaming.Log.IDeadLetterLog"/> that is registered under <see cref="ProviderName"/> (after a crash a letter may come
    /// again), and nothing after it counts as durable before that. Default Skip.
    /// </summary>
    public FailurePolicy UnreadablePolicy { get; set; } = FailurePolicy.Skip;

    /// <summary>
    /// What happens when the log no longer has records that the lake lacks: Block takes in nothing of the partition until a person decides;
    /// Continue goes on with the oldest record there is. The gap is logged and counted. Default Block.
    /// </summary>
    public LostOffsetPolicy LostOffsetPolicy { get; set; } = LostOffsetPolicy.Block;

    /// <summary>How many rows of one table and partition make a file. Default 250,000.</summary>
    public int MaxRows { get; set; } = 250_000;

    /// <summary>How many bytes in memory of one table and partition make a file. Default 16 MiB.</summary>
    public long MaxBytes { get; set; } = 16 << 20;

    /// <summary>The longest time that a row waits for its file. Default 30 s.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Rows become a file when no other row of their table has come for this long. Default 5 s.</summary>
    public TimeSpan MaxIdle { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most bytes in memory of all tables and dead letters of one partition; above it the stream waits. Default 64 MiB.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 64 << 20;

    /// <summary>
    /// Rows per row group; memory grows with it, as rows are encoded once there are enough for a row group. Default 10,000.
    /// </summary>
    public int RowGroupRows { get; set; } = 10_000;

    /// <summary>How the small files of closed days become a few large ones.</summary>
    public CompactionOptions Compaction { get; } = new();

    /// <summary>
    /// How long a deactivation waits for the last files. What is not committed by then is read again later. Default 20 s.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a flush waits, or a batch that finds no room; below Orleans' response timeout of 30 s. Default 20 s.</summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>The Hive metastore where the lake's tables are registered.</summary>
public sealed class HiveOptions
{
    public const string Section = "Banking:Hive";

    /// <summary>
    /// <c>thrift://host:9083</c>; several are separated by commas: if one fails, the next one is asked. Null if the lake is registered in
    /// no metastore.
    /// </summary>
    public string? Metastore { get; set; }

    /// <summary>The database in the metastore; created if it does not exist.</summary>
    public string Database { get; set; } = "default";

    /// <summary>
    /// The URL under which Hive and Presto see the lake's root, such as <c>hdfs://host:9000/banking</c>. If null, a lake on HDFS gives just
    /// its path, which the metastore puts on its default file system, and a folder is <c>file:</c> and its path.
    /// </summary>
    public string? Location { get; set; }
}

/// <summary>Settings of compaction.</summary>
public sealed class CompactionOptions
{
    /// <summary>How often closed days are searched for small files; zero for never. Default 1 h.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the old folder stays, after a day was switched to a new one, for queries that still read it. Default 1 h.
    /// </summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many small files a day of a table must have for the schedule to compact it. Default 8.</summary>
    public int MinFiles { get; set; } = 8;

    /// <summary>A part is closed when it has this many bytes; files of less than a quarter are small. Default 256 MiB.</summary>
    public long TargetBytes { get; set; } = 256 << 20;

    /// <summary>
    /// The least rows per row group of the parts, if there are that many; a compaction's memory grows with it. Default 100,000.
    /// </summary>
    public int RowGroupRows { get; set; } = 100_000;

    /// <summary>A file below this size is small.</summary>
    internal long SmallBytes => TargetBytes / 4;

    /// <returns>A sentence saying what is wrong, beginning with the setting's name; null if nothing is wrong.</returns>
    internal static string? ProblemOf(CompactionOptions options) => options switch
    {
        _ when options.Every != TimeSpan.Zero && (options.Every < TimeSpan.FromSeconds(1) || options.Every > TimeSpan.FromDays(30)) =>
            $"Every is {options.Every}; it must be zero for never, or 1 s to 30 days.",
        _ when options.Grace < TimeSpan.Zero || options.Grace > TimeSpan.FromDays(30) =>
            $"Grace is {options.Grace}; it must be zero to 30 days.",
        { MinFiles: < 2 } => $"MinFiles is {options.MinFiles}; it must be 2 or more.",
        { TargetBytes: < 1 << 10 or > 1L << 40 } => $"TargetBytes is {options.TargetBytes}; it must be 1 KiB to 1 TiB.",
        { RowGroupRows: < 1 or > 1_000_000 } => $"RowGroupRows is {options.RowGroupRows}; it must be 1 to 1,000,000.",
        _ => null,
    };
}

using Banking.Streaming;

namespace Banking.Sink.Settings;

/// <summary>Settings of the sink, bound to <see cref="Section"/>.</summary>
public sealed class LakeSinkOptions
{
    public const string Section = "Banking:Lake";

    /// <summary>
    /// The lake's folder; made if it does not exist. On HDFS: <c>webhdfs://host:port/path</c>, <c>swebhdfs://</c> with TLS, with several
    /// name nodes separated by commas.
    /// </summary>
    public string Root { get; set; } = "data/lake";

    /// <summary>
    /// Who the lake is to an HDFS without security (<c>user.name</c>); null: whom the cluster takes for nobody in particular.
    /// </summary>
    public string? User { get; set; }

    /// <summary>A delegation token of HDFS, URL-safe as HDFS gives it; appears in no message.</summary>
    public string? DelegationToken { get; set; }

    /// <summary>Whether HDFS is told by Kerberos (SPNEGO) who the lake is, with the ticket that the process finds.</summary>
    public bool Kerberos { get; set; }

    /// <summary>
    /// The Hive metastore that query engines look the tables up in; null if there is none. Bound to <see cref="HiveOptions.Section"/> if
    /// that names one.
    /// </summary>
    public HiveOptions? Hive { get; set; }

    /// <summary>The stream provider that delivers the log's batches; the log is the keyed service of this name.</summary>
    public string ProviderName { get; set; } = "events";

    /// <summary>The consumer group whose offsets say what is durable in the lake.</summary>
    public string Group { get; set; } = "lake";

    /// <summary>
    /// What becomes of a record that is not an event: no JSON object, or of an unknown type. Skip: it is logged, counted and in no table.
    /// Block: nothing behind it is taken in until a person decides. DeadLetter: it goes to the <see cref="Streaming.Log.IDeadLetterLog"/>
    /// that is registered under <see cref="ProviderName"/>, at least once (after a crash a letter may come again), and what counts as
    /// durable never passes it before. Default Skip.
    /// </summary>
    public FailurePolicy UnreadablePolicy { get; set; } = FailurePolicy.Skip;

    /// <summary>
    /// What happens when the log no longer has records that the lake lacks: Block takes nothing of the partition in until a person
    /// decides, Continue goes on with the oldest record there is; the gap is logged and counted. Default Block.
    /// </summary>
    public LostOffsetPolicy LostOffsetPolicy { get; set; } = LostOffsetPolicy.Block;

    /// <summary>Rows of one table and partition that make a file. Default 250,000.</summary>
    public int MaxRows { get; set; } = 250_000;

    /// <summary>Bytes in memory of one table and partition that make a file. Default 16 MiB.</summary>
    public long MaxBytes { get; set; } = 16 << 20;

    /// <summary>How long a row waits for its file at the most. Default 30 s.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Rows become a file when no other one of their table came for this long. Default 5 s.</summary>
    public TimeSpan MaxIdle { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of all tables and dead letters of one partition in memory; above it the stream waits. Default 64 MiB.</summary>
    public long MaxBufferedBytes { get; set; } = 64 << 20;

    /// <summary>Rows of a row group; memory grows with them, as rows are encoded when they make one. Default 10,000.</summary>
    public int RowGroupRows { get; set; } = 10_000;

    /// <summary>How the small files of closed days become few large ones.</summary>
    public CompactionOptions Compaction { get; } = new();

    /// <summary>How long a deactivation waits for the last files. What is not committed by then is read again. Default 20 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a flush, or a batch that finds no room, waits; below Orleans' response time-out of 30 s. Default 20 s.</summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>The Hive metastore in which the lake's tables are.</summary>
public sealed class HiveOptions
{
    public const string Section = "Banking:Hive";

    /// <summary>
    /// <c>thrift://host:9083</c>; several separated by commas: when one fails the next one is asked. Null: no metastore is told of the
    /// lake.
    /// </summary>
    public string? Metastore { get; set; }

    /// <summary>Made if it does not exist.</summary>
    public string Database { get; set; } = "default";

    /// <summary>
    /// The URL under which Hive and Presto see the lake's root, such as <c>hdfs://host:9000/banking</c>. Null: a lake on HDFS gives its
    /// path alone, which the metastore puts on its own default file system; a folder is <c>file:</c> and its path.
    /// </summary>
    public string? Location { get; set; }
}

/// <summary>Settings of compaction.</summary>
public sealed class CompactionOptions
{
    /// <summary>How often closed days are looked through for small files; zero: never. Default 1 h.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long after a day was switched to a new folder the old one stays for queries that still read it. Default 1 h.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many small files of a table and day make the schedule compact it. Default 8.</summary>
    public int MinFiles { get; set; } = 8;

    /// <summary>A part is closed when it has this many bytes; files of less than a quarter are small. Default 256 MiB.</summary>
    public long TargetBytes { get; set; } = 256 << 20;

    /// <summary>
    /// Rows of a row group of the parts, at the least, where there are as many; the memory of a compaction grows with them. Default
    /// 100,000.
    /// </summary>
    public int RowGroupRows { get; set; } = 100_000;

    /// <summary>Below it a file is small.</summary>
    internal long SmallBytes => TargetBytes / 4;

    /// <returns>What is wrong, a sentence that begins with the setting's name; null if nothing is.</returns>
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

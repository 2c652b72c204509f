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

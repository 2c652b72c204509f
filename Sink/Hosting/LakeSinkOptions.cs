using Banking.Sink.Compaction;
using Banking.Streaming;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Hosting;

/// <summary>Settings of the sink.</summary>
public sealed class LakeSinkOptions
{
    /// <summary>The lake's folder; made if it does not exist. On HDFS: <c>webhdfs://host:port/path</c>, <c>swebhdfs://</c> with TLS, with several name nodes separated by commas.</summary>
    public string Root { get; set; } = "data/lake";

    /// <summary>Who the lake is to an HDFS without security (<c>user.name</c>); null: whom the cluster takes for nobody in particular.</summary>
    public string? User { get; set; }

    /// <summary>A delegation token of HDFS, URL-safe as HDFS gives it; appears in no message.</summary>
    public string? DelegationToken { get; set; }

    /// <summary>Whether HDFS is told by Kerberos (SPNEGO) who the lake is, with the ticket that the process finds.</summary>
    public bool Kerberos { get; set; }

    /// <summary>The Hive metastore that query engines look the tables up in; null if there is none.</summary>
    public HiveOptions? Hive { get; set; }

    /// <summary>The stream provider that delivers the log's batches; the log is the keyed service of this name.</summary>
    public string ProviderName { get; set; } = "events";

    /// <summary>The consumer group whose offsets say what is durable in the lake.</summary>
    public string Group { get; set; } = "lake";

    /// <summary>
    /// What becomes of a record that is no event: no JSON object, or of an unknown type. Skip: it is logged, counted and in no table. Block: nothing behind it is
    /// taken in until a person decides. DeadLetter: it goes to the <see cref="Streaming.Log.IDeadLetterLog"/> that is registered under <see cref="ProviderName"/>,
    /// at least once (after a crash a letter may come again), and what counts as durable never passes it before. Default Skip.
    /// </summary>
    public FailurePolicy UnreadablePolicy { get; set; } = FailurePolicy.Skip;

    /// <summary>
    /// What happens when the log no longer has records that the lake lacks: Block takes nothing of the partition in until a person decides, Continue goes on with
    /// the oldest record there is; the gap is logged and counted. Default Block.
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
    public CompactionOptions Compaction { get; set; } = new();

    /// <summary>How long a deactivation waits for the last files. What is not committed by then is read again. Default 20 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a flush, or a batch that finds no room, waits; below Orleans' response time-out of 30 s. Default 20 s.</summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>Refuses settings that can't work, with a sentence that names them.</summary>
public sealed class LakeSinkOptionsValidator : IValidateOptions<LakeSinkOptions>
{
    public ValidateOptionsResult Validate(string? name, LakeSinkOptions options)
    {
        var problems = new List<string>();
        if (LakeStores.ProblemOf(options) is { } problem) problems.Add($"The lake's {problem}");
        if (LakeCatalogs.ProblemOf(options.Hive) is { } hive) problems.Add($"The lake's Hive {hive}");
        if (CompactionOptions.ProblemOf(options.Compaction) is { } compaction) problems.Add($"The lake's Compaction.{compaction}");
        if (string.IsNullOrWhiteSpace(options.ProviderName)) problems.Add("The lake's ProviderName is empty.");
        if (string.IsNullOrWhiteSpace(options.Group)) problems.Add("The lake's Group is empty.");
        if (!Enum.IsDefined(options.UnreadablePolicy)) problems.Add($"The lake's UnreadablePolicy is {options.UnreadablePolicy}; it must be Block, Skip or DeadLetter.");
        if (!Enum.IsDefined(options.LostOffsetPolicy)) problems.Add($"The lake's LostOffsetPolicy is {options.LostOffsetPolicy}; it must be Block or Continue.");
        if (options.MaxRows is < 1 or > 10_000_000) problems.Add($"The lake's MaxRows is {options.MaxRows}; it must be 1 to 10,000,000.");
        if (options.MaxBytes is < 1024 or > 1 << 30) problems.Add($"The lake's MaxBytes is {options.MaxBytes}; it must be 1 KiB to 1 GiB.");
        if (options.MaxBufferedBytes < options.MaxBytes)
        {
            problems.Add($"The lake's MaxBufferedBytes is {options.MaxBufferedBytes}; it must be no less than MaxBytes, {options.MaxBytes}.");
        }

        if (options.RowGroupRows is < 1 or > 1_000_000) problems.Add($"The lake's RowGroupRows is {options.RowGroupRows}; it must be 1 to 1,000,000.");
        Positive(options.MaxAge, nameof(options.MaxAge));
        Positive(options.MaxIdle, nameof(options.MaxIdle));
        Positive(options.ShutdownTimeout, nameof(options.ShutdownTimeout));
        Positive(options.WaitTimeout, nameof(options.WaitTimeout));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Positive(TimeSpan value, string setting)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) problems.Add($"The lake's {setting} is {value}; it must be above zero and at most a day.");
        }
    }
}

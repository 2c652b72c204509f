using Microsoft.Extensions.Options;

namespace Banking.Streaming.Sqlite;

/// <summary>Settings of the embedded log.</summary>
public sealed class SqliteLogOptions
{
    /// <summary>The database file; its folder is created if it is missing. Required.</summary>
    public string Path { get; set; } = "";

    /// <summary>How many partitions a new file gets, 1 to 1,024. An existing file keeps its own count. Default 8.</summary>
    public int Partitions { get; set; } = 8;

    /// <summary>
    /// Consumer groups that retention waits for even before their first commit: while one of them has committed nothing for a partition,
    /// nothing of that partition is removed, except by <see cref="HardLimitBytes"/>. Other groups hold records back from their first commit
    /// on. Default: none.
    /// </summary>
    public IList<string> Groups { get; } = [];

    /// <summary>
    /// Records older than this are removed once every consumer group has gone past them; null keeps them for ever. Default 7 days.
    /// </summary>
    public TimeSpan? RetentionAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// A partition above this many bytes loses its oldest records once every consumer group has gone past them; null for no limit. Default
    /// null.
    /// </summary>
    public long? RetentionBytes { get; set; }

    /// <summary>
    /// A partition above this many bytes loses its oldest records even if a consumer group still needs them; null for never. Default null.
    /// </summary>
    public long? HardLimitBytes { get; set; }

    /// <summary>How often the retention looks for work. Default 1 minute.</summary>
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most bytes of records that may wait for the disk at a time, each counted with 64 bytes more than it holds. An append beyond that
    /// fails at once with a <see cref="Log.LogException"/> and appends nothing; one that is larger by itself is accepted while nothing else
    /// waits. Default 64 MiB.
    /// </summary>
    public long MaxWaitingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The most pages of 4,096 bytes that the file may have; null for as many as the disk holds. Default null.</summary>
    public long? MaxPages { get; set; }
}

/// <summary>Stops the start on impossible settings.</summary>
public sealed class SqliteLogOptionsValidator : IValidateOptions<SqliteLogOptions>
{
    /// <summary>A hundred years; null stands for ever.</summary>
    private static readonly TimeSpan MaxRetentionAge = TimeSpan.FromDays(36_500);

    public ValidateOptionsResult Validate(string? name, SqliteLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path)) failures.Add("Path of the SQLite log is missing.");
        if (options.Partitions is < 1 or > SqliteLog.MaxPartitions)
            failures.Add($"Partitions of the SQLite log is {options.Partitions}; it must be 1 to {SqliteLog.MaxPartitions}.");
        if (options.Groups.Any(string.IsNullOrEmpty)) failures.Add("Groups of the SQLite log holds an empty name.");
        if (options.RetentionAge <= TimeSpan.Zero || options.RetentionAge > MaxRetentionAge)
            failures.Add(
                $"RetentionAge of the SQLite log is {options.RetentionAge}; it must be above zero and at most {MaxRetentionAge.Days} "
                    + "days, or null.");
        if (options.RetentionBytes <= 0) failures.Add("RetentionBytes of the SQLite log must be above zero, or null.");
        if (options.HardLimitBytes <= 0) failures.Add("HardLimitBytes of the SQLite log must be above zero, or null.");
        if (options.RetentionInterval <= TimeSpan.Zero || options.RetentionInterval > TimeSpan.FromDays(1))
            failures.Add($"RetentionInterval of the SQLite log is {options.RetentionInterval}; it must be above zero and at most a day.");
        if (options.MaxWaitingBytes <= 0) failures.Add("MaxWaitingBytes of the SQLite log must be above zero.");
        if (options.MaxPages <= 0) failures.Add("MaxPages of the SQLite log must be above zero, or null.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

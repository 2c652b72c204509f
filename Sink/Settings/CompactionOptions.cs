namespace Banking.Sink.Settings;

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

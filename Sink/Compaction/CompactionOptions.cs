using Microsoft.Extensions.Options;

namespace Banking.Sink.Compaction;

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

    /// <summary>Rows of a row group of the parts, at the least, where there are as many; the memory of a compaction grows with them. Default 100,000.</summary>
    public int RowGroupRows { get; set; } = 100_000;

    /// <summary>Below it a file is small.</summary>
    internal long SmallBytes => TargetBytes / 4;
}

/// <summary>Refuses settings that can't work, with a sentence that names them.</summary>
public sealed class CompactionOptionsValidator : IValidateOptions<CompactionOptions>
{
    public ValidateOptionsResult Validate(string? name, CompactionOptions options)
    {
        var problems = new List<string>();
        if (options.Every != TimeSpan.Zero && (options.Every < TimeSpan.FromSeconds(1) || options.Every > TimeSpan.FromDays(30)))
        {
            problems.Add($"The compaction's Every is {options.Every}; it must be zero for never, or 1 s to 30 days.");
        }

        if (options.Grace < TimeSpan.Zero || options.Grace > TimeSpan.FromDays(30)) problems.Add($"The compaction's Grace is {options.Grace}; it must be zero to 30 days.");
        if (options.MinFiles < 2) problems.Add($"The compaction's MinFiles is {options.MinFiles}; it must be 2 or more.");
        if (options.TargetBytes is < 1 << 10 or > 1L << 40) problems.Add($"The compaction's TargetBytes is {options.TargetBytes}; it must be 1 KiB to 1 TiB.");
        if (options.RowGroupRows is < 1 or > 1_000_000) problems.Add($"The compaction's RowGroupRows is {options.RowGroupRows}; it must be 1 to 1,000,000.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}

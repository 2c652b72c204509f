using Banking.Lake.Files;

namespace Banking.Lake.Chains;

/// <summary>Where a chain of files ends.</summary>
/// <param name="NextStart">The start offset of its next file.</param>
/// <param name="Day">The day of its last file; null if it has none.</param>
public readonly record struct ChainTail(long NextStart, DateOnly? Day)
{
    /// <summary>The newest file; null if there is none, or if it was not looked for.</summary>
    public FileFooter? Newest { get; init; }

    /// <summary>The newest file's day; <see cref="Day"/> may be a later day that was only claimed.</summary>
    public DateOnly? NewestDay { get; init; }

    /// <summary>
    /// A chain begins at the log's first possible offset, not at the first retained one: all owners must agree on the name of its first
    /// file.
    /// </summary>
    public static ChainTail Empty => new(0, null);
}

/// <summary>A committed file of a chain, as described by its path.</summary>
internal readonly record struct ChainFile(long Start, DateOnly Day);

/// <param name="Won">False if another owner's file was there first; <paramref name="Tail"/> is then behind that file.</param>
/// <param name="Bytes">The size of the committed file.</param>
internal readonly record struct ChainCommit(bool Won, ChainTail Tail, long Bytes);

/// <summary>A staged claim of a day, which only has to be renamed.</summary>
internal sealed record StagedClaim(string Path, DateOnly Day);

/// <summary>A staged file and the claim for it, which only have to be renamed.</summary>
/// <param name="From">How many of the buffer's rows were left out.</param>
/// <param name="Day">The day to claim, unless somebody else's claim for the same start comes first.</param>
internal sealed record StagedFile(string Path, string ClaimPath, int From, DateOnly Day, FileFooter Footer)
{
    public long Bytes { get; init; }
}

using Banking.Lake.Files;

namespace Banking.Lake.Chains;

/// <summary>Where a chain of files ends.</summary>
/// <param name="NextStart">The start offset of its next file.</param>
/// <param name="Day">The day of its last file; null if it has none.</param>
public readonly record struct ChainTail(long NextStart, DateOnly? Day)
{
    /// <summary>The newest file; null if there is none, or it was not looked for.</summary>
    public FileFooter? Newest { get; init; }

    /// <summary>That file's day; <see cref="Day"/> may be a later one that was only claimed.</summary>
    public DateOnly? NewestDay { get; init; }

    /// <summary>
    /// A chain begins at the log's first possible offset, not at the first retained one: all owners must agree on its first name.
    /// </summary>
    public static ChainTail Empty => new(0, null);
}

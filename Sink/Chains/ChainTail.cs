namespace Banking.Sink.Chains;

/// <summary>Where a chain of files ends.</summary>
/// <param name="NextStart">The start offset of its next file.</param>
/// <param name="Day">The day of its last file; null if it has none.</param>
public readonly record struct ChainTail(long NextStart, DateOnly? Day)
{
    /// <summary>A chain begins at the log's first possible offset, not at the first retained one: all owners must agree on its first name.</summary>
    public static ChainTail Empty => new(0, null);
}

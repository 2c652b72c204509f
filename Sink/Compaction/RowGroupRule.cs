namespace Banking.Sink.Compaction;

/// <summary>Which row groups of the inputs make one of the output. Pure.</summary>
internal static class RowGroupRule
{
    /// <summary>
    /// Whether a row group is full before the next one: it has what it should have, or would have far too much. Row groups of inputs are
    /// never split, so that a column of each is read once.
    /// </summary>
    public static bool IsFull(long rows, long next, int target) => rows > 0 && (rows >= target || rows + next > (long)target * 5 / 2);
}

namespace Banking.Sink.Compaction;

/// <summary>Which of a chain's files of a compacted day nobody needs any more. Pure.</summary>
internal static class CleaningRule
{
    /// <summary>
    /// Those that are in the parts, and that no restart of the sink reads: it looks at the chain's newest file for where the chain ends,
    /// and at every file that reaches behind the save of last sequence numbers that it starts from. If the newest save can't be read it
    /// takes the one before, so only what lies wholly below that one may go; and nothing if there is only one, as without any save all
    /// files are read.
    /// </summary>
    /// <param name="files">First and last offset of each.</param>
    /// <param name="through">The last offset that the parts cover; -1 for none.</param>
    /// <param name="saves">Up to which offsets the saves reach that can be read, in any order.</param>
    /// <param name="next">The start of the chain's next file. A save that reaches beyond is another history's, and no restart takes
    /// it.</param>
    public static IEnumerable<long> Removable(IEnumerable<(long Start, long End)> files, long through, IEnumerable<long> saves, long next)
    {
        var older = saves.Where(end => end < next).Distinct().OrderDescending().Skip(1).Select(end => (long?)end).FirstOrDefault();
        if (older is not { } below) return [];
        return files.Where(file => file.Start <= through && file.End <= below && file.End < next - 1).Select(file => file.Start);
    }
}

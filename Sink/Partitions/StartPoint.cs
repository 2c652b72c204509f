using Banking.Sink.Chains;

namespace Banking.Sink.Partitions;

/// <summary>Where a partition's sink goes on, and what the log no longer has of what lies before. Pure.</summary>
/// <param name="Next">The first offset to take in.</param>
/// <param name="Lost">Offsets that nobody is known to have looked at, and that the log no longer has.</param>
/// <param name="Doubtful">Offsets that were looked at and that the log no longer has: rows that waited for their file when the last owner died would be in none.</param>
internal readonly record struct StartPoint(long Next, OffsetRange Lost, OffsetRange Doubtful)
{
    /// <summary>
    /// Goes on at the oldest offset that some table may lack. Below the committed offset nothing lacks; it also keeps a table that gets no rows from dragging
    /// the start back. Without one (a group's offsets expire) the newest file is the evidence: its owner had looked at everything before its end. An
    /// empty chain is no evidence of anything, and a partition without any never had a claim on older records.
    /// </summary>
    /// <param name="hasLetters">
    /// Unreadable records go to the dead letters: then only the committed offset knows which are durable there, as the tables' files say nothing of them.
    /// </param>
    public static StartPoint Find(IReadOnlyCollection<ChainTail> tails, long? committed, long logFirst, bool hasLetters)
    {
        var oldest = tails.Min(tail => tail.NextStart);
        var wanted = hasLetters ? committed ?? 0 : Math.Max(committed ?? 0, oldest);
        var next = Math.Max(wanted, logFirst);
        if (committed is not null) return new StartPoint(next, new OffsetRange(wanted, logFirst), default);

        var ends = tails.Select(tail => tail.NextStart).Where(end => end > 0).ToArray();
        return ends.Length == 0
            ? new StartPoint(next, default, default)
            : new StartPoint(next, new OffsetRange(ends.Max(), logFirst), new OffsetRange(ends.Min(), Math.Min(ends.Max(), logFirst)));
    }
}

/// <param name="End">The offset after the last one.</param>
internal readonly record struct OffsetRange(long First, long End)
{
    public bool IsEmpty => End <= First;

    public long Count => Math.Max(0, End - First);

    public long Last => End - 1;
}

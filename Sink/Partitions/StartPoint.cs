using Banking.Lake.Chains;
using Banking.Lake.Evidence;

namespace Banking.Sink.Partitions;

/// <summary>Where a partition's sink goes on, and what the log no longer has of what lies before. Pure.</summary>
/// <param name="Next">The first offset to take in.</param>
/// <param name="Lost">Offsets that nobody is known to have looked at, and that the log no longer has.</param>
/// <param name="Doubtful">Offsets that were looked at and that the log no longer has: rows that waited for their file when the last owner
/// died would be in none.</param>
internal readonly record struct StartPoint(long Next, OffsetRange Lost, OffsetRange Doubtful)
{
    /// <summary>
    /// Goes on where the lake says that nothing is missing below: at the oldest end of a table's chain, or further on where a file's
    /// footer says that there was nothing for the other tables by then, so that a table that gets no rows does not drag the start back.
    /// The group's offset is nobody's evidence of what is in the lake: it only helps to judge whether what retention took had been looked
    /// at.
    /// </summary>
    /// <param name="tails">The tables' ends.</param>
    /// <param name="durable">The furthest offset that a file's evidence says everything is durable below; null in a lake of an earlier
    /// build.</param>
    /// <param name="hasLetters">
    /// Unreadable records go to the dead letters: which are durable there the tables' ends don't say, but the evidence does, and without
    /// it the committed offset at the most.
    /// </param>
    public static StartPoint Find(IReadOnlyCollection<ChainTail> tails, long? durable, long? committed, long logFirst, bool hasLetters)
    {
        var oldest = tails.Min(tail => tail.NextStart);
        var wanted = hasLetters ? durable ?? Math.Min(committed ?? 0, oldest) : Math.Max(durable ?? 0, oldest);
        var next = Math.Max(wanted, logFirst);
        if (committed is { } looked)
        {
            var judged = Math.Max(wanted, looked);
            return new StartPoint(next, new OffsetRange(judged, logFirst), new OffsetRange(wanted, Math.Min(judged, logFirst)));
        }

        if (durable is not null) return new StartPoint(next, new OffsetRange(wanted, logFirst), default);

        // The newest file is the evidence then: its owner had looked at everything before its end. An empty chain is none of anything, and
        // a partition without any never had a claim on older records.
        var ends = tails.Select(tail => tail.NextStart).Where(end => end > 0).ToArray();
        return ends.Length == 0
            ? new StartPoint(next, default, default)
            : new StartPoint(next, new OffsetRange(ends.Max(), logFirst), new OffsetRange(ends.Min(), Math.Min(ends.Max(), logFirst)));
    }

    /// <summary>
    /// The furthest offset that files say everything is durable below, of those whose lake has all that they counted on; null if none says
    /// so.
    /// </summary>
    /// <param name="tails">Each table's end.</param>
    public static long? FindDurable(IReadOnlyDictionary<string, ChainTail> tails)
    {
        var ends = tails.ToDictionary(tail => tail.Key, tail => tail.Value.NextStart, StringComparer.Ordinal);
        var claims = tails.Values.Select(tail => tail.Newest?.Evidence).OfType<SealEvidence>().SelectMany(
            evidence => new[] { evidence.Committed, evidence.Sealed });
        return claims.Where(claim => claim.HoldsFor(ends)).Max(claim => (long?)claim.Below);
    }
}

/// <param name="End">The offset after the last one.</param>
internal readonly record struct OffsetRange(long First, long End)
{
    public bool IsEmpty => End <= First;

    public long Count => Math.Max(0, End - First);

    public long Last => End - 1;
}

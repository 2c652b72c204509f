namespace Banking.Accounts;

/// <summary>
/// The times that forgotten UUIDv7 ids carried, as a few ranges that cover them all: an unknown id whose time is in none of them was never
/// run. There are several ranges because with only one newest time, a silo whose clock was a day ahead would make the account refuse
/// everybody for a day. Times are milliseconds since 1970.
/// </summary>
/// <param name="From">Where the newest range begins.</param>
/// <param name="UpTo">Where the newest range ends; 0 if nothing was forgotten.</param>
/// <param name="Earlier">The other ranges, begin and end alternating, oldest first.</param>
public readonly record struct ForgottenTimes(long From, long UpTo, long[]? Earlier)
{
    /// <summary>The most ranges that are kept.</summary>
    public const int MaxRanges = 4;

    /// <summary>Times no further apart than this, in milliseconds, share one range: no clock is trusted more precisely.</summary>
    private const long Gap = 10_000;

    private const long Day = 24 * 60 * 60 * 1000;

    public bool Contains(long time)
    {
        if (UpTo == 0 || time > UpTo) return false;
        if (time >= From) return true;
        for (var i = 0; i < (Earlier?.Length ?? 0); i += 2)
        {
            if (time >= Earlier![i] && time <= Earlier[i + 1]) return true;
        }

        return false;
    }

    public ForgottenTimes Add(long time)
    {
        if (Contains(time)) return this;
        if (UpTo == 0) return new(time, time, null);
        return time > UpTo && time - UpTo <= Gap ? this with { UpTo = time } : Insert(time);
    }

    private ForgottenTimes Insert(long time)
    {
        var ranges = new List<(long From, long UpTo)>(MaxRanges + 1);
        for (var i = 0; i < (Earlier?.Length ?? 0); i += 2) ranges.Add((Earlier![i], Earlier[i + 1]));
        ranges.Add((From, UpTo));
        ranges.Insert(ranges.FindIndex(r => r.From > time) is var at and >= 0 ? at : ranges.Count, (time, time));
        for (var i = ranges.Count - 1; i > 0; i--)
        {
            if (ranges[i].From - ranges[i - 1].UpTo <= Gap) Merge(ranges, i);
        }

        if (ranges.Count > MaxRanges) Merge(ranges, Cheapest(ranges));
        var earlier = new long[2 * (ranges.Count - 1)];
        for (var i = 0; i < ranges.Count - 1; i++) (earlier[2 * i], earlier[(2 * i) + 1]) = ranges[i];
        return new(ranges[^1].From, ranges[^1].UpTo, earlier.Length == 0 ? null : earlier);
    }

    /// <summary>
    /// The range to join with the one before it: one that is days old, as nobody asks for such ids, otherwise the one for which the fewest
    /// times that were not forgotten get refused.
    /// </summary>
    private static int Cheapest(List<(long From, long UpTo)> ranges)
    {
        if (ranges[1].From < ranges[^1].UpTo - Day) return 1;
        var cheapest = 1;
        for (var i = 2; i < ranges.Count; i++)
        {
            if (ranges[i].From - ranges[i - 1].UpTo < ranges[cheapest].From - ranges[cheapest - 1].UpTo) cheapest = i;
        }

        return cheapest;
    }

    private static void Merge(List<(long From, long UpTo)> ranges, int second)
    {
        ranges[second - 1] = (ranges[second - 1].From, Math.Max(ranges[second - 1].UpTo, ranges[second].UpTo));
        ranges.RemoveAt(second);
    }
}

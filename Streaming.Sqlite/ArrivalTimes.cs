namespace Banking.Streaming.Sqlite;

/// <summary>
/// When the records of a partition arrived, by a clock that no step of the wall clock moves. What the log says of a record's time is taken
/// where it is possible; where the wall clock stood wrong, or was set back, it can't be: then between the two looks in which the record
/// arrived. Pure; not thread-safe.
/// </summary>
/// <param name="startedAt">The steady time of the start, in Unix milliseconds.</param>
/// <param name="next">Where the partition ended then, exclusive.</param>
/// <param name="keep">How long it matters when a record arrived: looks are kept as densely as a 64th of it.</param>
internal sealed class ArrivalTimes(long startedAt, long next, TimeSpan keep)
{
    private readonly double _apart = keep.TotalMilliseconds / 64;
    private readonly List<(long At, long Next)> _looks = [(startedAt, next)];

    /// <summary>Notes where the partition ends now.</summary>
    public void Look(long now, long next)
    {
        if (_looks[^1].Next == next) return;
        if (_looks.Count > 1 && now - _looks[^2].At < _apart) _looks[^1] = (now, next);
        else _looks.Add((now, next));

        // Older ones tell nothing of any record that is still there.
        var first = _looks.FindLastIndex(look => now - look.At > 2 * keep.TotalMilliseconds);
        if (first > 0) _looks.RemoveRange(0, first);
    }

    /// <summary>When the records below an offset had arrived, at the latest.</summary>
    /// <param name="end">The offset behind them.</param>
    /// <param name="time">What the log says of it.</param>
    /// <param name="now">The steady time.</param>
    public long Of(long end, long time, long now)
    {
        var after = _looks.FindIndex(look => look.Next >= end);
        var latest = after < 0 ? now : _looks[after].At;
        var earliest = after < 0 ? _looks[^1].At : after > 0 ? _looks[after - 1].At : long.MinValue;
        return Math.Clamp(time, Math.Min(earliest, latest), latest);
    }
}

namespace Banking.Streaming.Sqlite;

/// <summary>
/// When the records of a partition arrived, by a clock that no step of the wall clock moves. The time that the log gives a record is used
/// if it is possible. If it is not, because the wall clock was wrong or was set back, the time between the two looks around the record's
/// arrival is used. Pure; not thread-safe.
/// </summary>
/// <param name="startedAt">The steady time of the start, in Unix milliseconds.</param>
/// <param name="next">The partition's end at that time, exclusive.</param>
/// <param name="keep">How long a record's arrival time matters; the spacing of the looks that are kept is a 64th of it.</param>
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

        // Older looks tell nothing about any record that is still there.
        var first = _looks.FindLastIndex(look => now - look.At > 2 * keep.TotalMilliseconds);
        if (first > 0) _looks.RemoveRange(0, first);
    }

    /// <summary>The latest time by which the records below an offset had arrived.</summary>
    /// <param name="end">The offset after them.</param>
    /// <param name="time">The time that the log gives.</param>
    /// <param name="now">The steady time.</param>
    public long Of(long end, long time, long now)
    {
        var after = _looks.FindIndex(look => look.Next >= end);
        var latest = after < 0 ? now : _looks[after].At;
        var earliest = after < 0 ? _looks[^1].At : after > 0 ? _looks[after - 1].At : long.MinValue;
        return Math.Clamp(time, Math.Min(earliest, latest), latest);
    }
}

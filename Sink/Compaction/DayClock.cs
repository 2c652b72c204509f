namespace Banking.Sink.Compaction;

/// <summary>
/// Tells which day it is, for work that must not be done on a day that is not over. A forward step of the wall clock is not believed until
/// it has lasted for an hour; a backward step is believed at once, as an earlier day does no harm. Not thread-safe.
/// </summary>
internal sealed class DayClock(TimeProvider time)
{
    // More than the largest correction of a synchronized clock.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BelievedAfter = TimeSpan.FromHours(1);

    private (DateTimeOffset Wall, long Stamp) _known = (time.GetUtcNow(), time.GetTimestamp());
    private long? _steppedAt;

    /// <summary>The current day (UTC).</summary>
    public DateOnly Today()
    {
        var (now, stamp) = (time.GetUtcNow(), time.GetTimestamp());
        var expected = _known.Wall + time.GetElapsedTime(_known.Stamp, stamp);
        if (now > expected + Bound)
        {
            _steppedAt ??= stamp;
            if (time.GetElapsedTime(_steppedAt.Value, stamp) < BelievedAfter) return DateOnly.FromDateTime(expected.UtcDateTime);
        }

        (_known, _steppedAt) = ((now, stamp), null);
        return DateOnly.FromDateTime(now.UtcDateTime);
    }
}

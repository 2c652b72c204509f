namespace Banking.Sink.Compaction;

/// <summary>
/// Which day it is, for what must not be done to a day that is not over. A forward step of the wall clock is not believed before it has
/// stood for an hour; a backward one is at once, as an earlier day harms nothing. Not thread-safe.
/// </summary>
internal sealed class DayClock(TimeProvider time)
{
    // More than a clock that is kept in step is ever put right by.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BelievedAfter = TimeSpan.FromHours(1);

    private (DateTimeOffset Wall, long Stamp) _known = (time.GetUtcNow(), time.GetTimestamp());
    private long? _steppedAt;

    /// <summary>The day (UTC).</summary>
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

namespace Banking.Events;

/// <summary>
/// What a silo knows of one partition's way into the lake: where the log ended at some times, and through which time all of that is
/// durable. Times are timestamps of the silo's clock. Not thread-safe.
/// </summary>
internal sealed class SettlingSamples
{
    /// <summary>Ends that wait for the lake; while there are so many no other is taken.</summary>
    internal const int Capacity = 64;

    private readonly Queue<(long At, long End)> _samples = [];
    private long _askedThrough = long.MinValue;
    private long _sampledThrough = long.MinValue;
    private long _settledThrough = long.MinValue;

    /// <summary>Somebody waits for more than is settled.</summary>
    public bool IsAsked => _settledThrough <= _askedThrough;

    /// <summary>Another end is needed to answer what was asked.</summary>
    public bool NeedsSample => _sampledThrough <= _askedThrough && _samples.Count < Capacity;

    /// <summary>
    /// Whether everything that the log confirmed up to a time is durable, as far as is known. If it is not, it is asked for from here on.
    /// </summary>
    public bool IsSettled(long time)
    {
        // Not at the time itself: the end may have been taken in the same tick, before what was confirmed.
        if (_settledThrough > time) return true;
        _askedThrough = Math.Max(_askedThrough, time);
        return false;
    }

    /// <param name="at">Before the log was asked for its end.</param>
    /// <param name="end">The offset behind everything that the log had confirmed by then.</param>
    public void Sample(long at, long end)
    {
        _sampledThrough = at;
        _samples.Enqueue((at, end));
    }

    /// <param name="durable">Below this offset everything is durable.</param>
    public void Observe(long durable)
    {
        while (_samples.TryPeek(out var sample) && sample.End <= durable)
        {
            _settledThrough = sample.At;
            _samples.Dequeue();
        }
    }
}

namespace Banking.Events;

/// <summary>
/// What a silo knows about one partition's way into the lake: where the log ended at some points in time, and up to which of them
/// everything is durable. Times are timestamps of the silo's clock. Not thread-safe.
/// </summary>
internal sealed class SettlingSamples
{
    /// <summary>The most ends that wait for the lake; while there are this many, no other is taken.</summary>
    internal const int Capacity = 64;

    private readonly Queue<(long At, long End)> _samples = [];
    private long _askedThrough = long.MinValue;
    private long _sampledThrough = long.MinValue;
    private long _settledThrough = long.MinValue;

    /// <summary>Whether somebody waits for more than is settled.</summary>
    public bool IsAsked => _settledThrough <= _askedThrough;

    /// <summary>Whether another end is needed to answer what was asked.</summary>
    public bool NeedsSample => _sampledThrough <= _askedThrough && _samples.Count < Capacity;

    /// <summary>
    /// Whether everything that the log confirmed up to a given time is known to be durable. If not, that time counts as asked for from now
    /// on.
    /// </summary>
    public bool IsSettled(long time)
    {
        // The time itself is excluded: the end may have been taken in the same tick, before the confirmation.
        if (_settledThrough > time) return true;
        _askedThrough = Math.Max(_askedThrough, time);
        return false;
    }

    /// <param name="at">A time before the log was asked for its end.</param>
    /// <param name="end">The offset after everything that the log had confirmed by then.</param>
    public void Sample(long at, long end)
    {
        _sampledThrough = at;
        _samples.Enqueue((at, end));
    }

    /// <param name="durable">The offset below which everything is durable.</param>
    public void Observe(long durable)
    {
        while (_samples.TryPeek(out var sample) && sample.End <= durable)
        {
            _settledThrough = sample.At;
            _samples.Dequeue();
        }
    }
}

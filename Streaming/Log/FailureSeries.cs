namespace Banking.Streaming.Log;

/// <summary>
/// Failures of one thing in a row: which of them to say. The first, and one every half minute, so that an outage does not fill the log.
/// Not thread-safe.
/// </summary>
public sealed class FailureSeries(TimeProvider time)
{
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromSeconds(30);

    private long _saidAt;

    /// <summary>How many there have been since the last success.</summary>
    public int Count { get; private set; }

    /// <summary>True if this one is to be said.</summary>
    public bool Add()
    {
        if (Count++ > 0 && time.GetElapsedTime(_saidAt) < SayAgainAfter) return false;
        _saidAt = time.GetTimestamp();
        return true;
    }

    /// <summary>A success ends the series; returns how many failures it had.</summary>
    public int End()
    {
        var count = Count;
        Count = 0;
        return count;
    }
}

namespace Banking.Streaming.Log;

/// <summary>
/// Decides which failures in a row to report: the first one, and then one every half minute, so that an outage does not flood the messages.
/// Not thread-safe.
/// </summary>
public sealed class FailureSeries(TimeProvider time)
{
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromSeconds(30);

    private long _saidAt;

    /// <summary>How many failures there have been since the last success.</summary>
    public int Count { get; private set; }

    /// <summary>Counts a failure; true if it is to be reported.</summary>
    public bool Add()
    {
        if (Count++ > 0 && time.GetElapsedTime(_saidAt) < SayAgainAfter) return false;
        _saidAt = time.GetTimestamp();
        return true;
    }

    /// <summary>Ends the series after a success; returns how many failures it had.</summary>
    public int End()
    {
        var count = Count;
        Count = 0;
        return count;
    }
}

namespace Banking.Storage.Postgres;

/// <summary>
/// Decides how long to go on trying while a database is away: with pauses that double from 50 ms to 2 s, for a given time since it was first missed. Past that time there is
/// one attempt a caller, so that callers fail soon and the database is still noticed when it is back. Thread-safe.
/// </summary>
internal sealed class Outage(TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // A timestamp, 0 while the database is there.
    private long _since;

    /// <summary>The database answered.</summary>
    public void Over() => Interlocked.Exchange(ref _since, 0);

    /// <summary>The database was missed.</summary>
    /// <param name="attempt">How often this caller has tried, from 1.</param>
    /// <returns>The pause before the next attempt; null to give up.</returns>
    public TimeSpan? Missed(int attempt)
    {
        var now = time.GetTimestamp();
        var since = Interlocked.CompareExchange(ref _since, now, 0);
        var left = patience - (since == 0 ? TimeSpan.Zero : time.GetElapsedTime(since, now));
        if (left <= TimeSpan.Zero) return null;
        var pause = FirstPause * Math.Pow(2, Math.Min(attempt - 1, 10));
        return pause > LongestPause ? LongestPause : pause;
    }
}

namespace Banking.Storage.Postgres;

/// <summary>
/// Decides how long to go on trying while a database is away: with pauses that double from 50 ms to 2 s, for a given time since it last
/// answered, as far as the attempts that failed know. The last fifth of that time is left to an attempt that hangs. Past it there is one
/// attempt a caller, so that callers fail soon and the database is still noticed when it is back. Thread-safe.
/// </summary>
internal sealed class Outage(TimeSpan timeout, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _lastBeginning = timeout * 0.8;

    // Timestamps: since when the database is away, 0 while it is there; and when it last answered.
    private long _since;
    private long _answered;

    /// <summary>Whether somebody missed the database, and nobody got an answer since.</summary>
    public bool IsOn => Volatile.Read(ref _since) != 0;

    /// <summary>The database answered.</summary>
    public void Over()
    {
        Volatile.Write(ref _answered, time.GetTimestamp());
        if (Volatile.Read(ref _since) != 0) Interlocked.Exchange(ref _since, 0);
    }

    /// <summary>The time at which an attempt begins, for <see cref="Missed"/>.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>The database was missed.</summary>
    /// <param name="attempt">How often this caller has tried, from 1.</param>
    /// <param name="began">When it began this attempt, which may have hung for long.</param>
    /// <returns>The pause before the next attempt; null to give up.</returns>
    public TimeSpan? Missed(int attempt, long began)
    {
        var missedSince = Math.Max(began, Volatile.Read(ref _answered));
        var before = Interlocked.CompareExchange(ref _since, missedSince, 0);
        var elapsed = time.GetElapsedTime(before == 0 ? missedSince : before);
        var pause = FirstPause * Math.Pow(2, Math.Min(attempt - 1, 10));
        if (pause > LongestPause) pause = LongestPause;
        return elapsed + pause > _lastBeginning ? null : pause;
    }
}

using Banking.Waiting;

namespace Banking.Storage.Postgres;

/// <summary>
/// Decides how long to go on trying while a database is unavailable: with pauses that double from 50 ms to 2 s, for a given time since it
/// last answered, as far as the failed attempts know. The last fifth of that time is left for an attempt that hangs. After that there is
/// one attempt per caller, so that callers fail soon but still notice when the database is back. Thread-safe.
/// </summary>
internal sealed class Outage(TimeSpan timeout, TimeProvider time)
{
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));

    private readonly TimeSpan _lastBeginning = timeout * 0.8;

    // Timestamps: since when the database has been unavailable (0 while it is available), and when it last answered.
    private long _since;
    private long _answered;

    /// <summary>Whether a caller got no answer from the database, and no caller has got one since.</summary>
    public bool IsOn => Volatile.Read(ref _since) != 0;

    /// <summary>Notes that the database answered.</summary>
    public void Over()
    {
        Volatile.Write(ref _answered, time.GetTimestamp());
        if (Volatile.Read(ref _since) != 0) Interlocked.Exchange(ref _since, 0);
    }

    /// <summary>The time when an attempt begins, for <see cref="Missed"/>.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>Notes that the database did not answer.</summary>
    /// <param name="attempt">How often this caller has tried, counted from 1.</param>
    /// <param name="began">When it began this attempt, which may have hung for a long time.</param>
    /// <returns>The pause before the next attempt; null to give up.</returns>
    public TimeSpan? Missed(int attempt, long began)
    {
        var missedSince = Math.Max(began, Volatile.Read(ref _answered));
        var before = Interlocked.CompareExchange(ref _since, missedSince, 0);
        var elapsed = time.GetElapsedTime(before == 0 ? missedSince : before);
        var pause = Pauses.After(attempt);
        return elapsed + pause > _lastBeginning ? null : pause;
    }
}

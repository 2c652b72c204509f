using Banking.Waiting;
using Orleans.Configuration;

namespace Banking.Silo.Cluster;

/// <summary>
/// Tells how long this silo's memory is certain to be up to date. A silo that was declared dead may not know it while its grains are active
/// elsewhere. But for a while after that declaration the grain directory keeps them from others. So for that while after a moment when the
/// silo was a member, nobody has anything newer. Time is counted by both the monotonic clock and the wall clock, whichever says more: one
/// goes on while the process is stalled, the other while the machine sleeps. Thread-safe; reading takes no lock.
/// </summary>
/// <param name="validity">How long a proof holds from when it was asked for.</param>
/// <param name="time">Both clocks.</param>
internal sealed class MembershipProof(TimeSpan validity, TimeProvider time)
{
    private readonly Lock _turn = new();
    private volatile Moment? _proved;
    private readonly ChangeSignal _renewed = new();

    /// <summary>Whether what is in memory now is certainly not older than anything that others have answered until now.</summary>
    public bool Holds => _proved is { } proved && Elapsed(proved) < validity;

    /// <summary>
    /// How long the others leave a dead silo's grains alone, minus a tenth for clocks that run at different speeds. The directory counts
    /// its lease from when the silo may have failed, which is a whole detection time before the declaration.
    /// </summary>
    /// <exception cref="InvalidOperationException">The lease is not longer than the detection: no proof would ever hold.</exception>
    public static TimeSpan ValidityOf(ClusterMembershipOptions membership, GrainDirectoryOptions directory)
    {
        var left = directory.RangeLeaseDuration - (membership.MaxProbeTimeout * membership.NumMissedProbesLimit);
        return left > TimeSpan.Zero
            ? left * 0.9
            : throw new InvalidOperationException(
                "The grain directory's lease must be longer than the detection of a dead silo (MaxProbeTimeout x NumMissedProbesLimit).");
    }

    /// <summary>The moment when the others are asked.</summary>
    public Moment Ask() => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Notes that the answer to a question asked at that moment was that this silo is a member.</summary>
    public void Prove(Moment asked)
    {
        lock (_turn)
        {
            if (_proved is { } proved && proved.Timestamp >= asked.Timestamp) return;
            _proved = asked;
        }

        _renewed.Fire();
    }

    /// <summary>Waits for a proof that holds.</summary>
    /// <returns>Whether there is one within the bound.</returns>
    public async Task<bool> WaitAsync(TimeSpan bound)
    {
        var next = _renewed.Next;
        if (Holds) return true;
        try
        {
            await next.WaitAsync(bound, time);
        }
        catch (TimeoutException)
        {
            // The proof may have come some other way.
        }

        return Holds;
    }

    private TimeSpan Elapsed(Moment since)
    {
        var (steady, wall) = (time.GetElapsedTime(since.Timestamp), time.GetUtcNow() - since.Time);
        return steady > wall ? steady : wall;
    }

    /// <summary>A moment by both clocks.</summary>
    public sealed record Moment(long Timestamp, DateTimeOffset Time);
}

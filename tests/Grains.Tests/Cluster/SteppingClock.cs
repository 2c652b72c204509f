namespace Banking.Grains.Tests.Cluster;

/// <summary>The machine's clocks, of which the wall clock can be set.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _step;

    /// <summary>How far the wall clock is ahead.</summary>
    public TimeSpan Step
    {
        get => new(Interlocked.Read(ref _step));
        set => Interlocked.Exchange(ref _step, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Step;
}

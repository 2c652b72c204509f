namespace Banking.Benchmarks.Measuring;

/// <summary>What this process took from the machine and from its collector.</summary>
internal readonly record struct RuntimeUse(TimeSpan Cpu, long AllocatedBytes, TimeSpan Paused)
{
    public static RuntimeUse Now => new(Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());

    public static RuntimeUse operator -(RuntimeUse later, RuntimeUse earlier) =>
        new(later.Cpu - earlier.Cpu, later.AllocatedBytes - earlier.AllocatedBytes, later.Paused - earlier.Paused);
}

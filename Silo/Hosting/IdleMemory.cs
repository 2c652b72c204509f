namespace Banking.Silo.Hosting;

/// <summary>
/// Gives memory back after a busy time. An idle process allocates nothing, so its collector never runs, and accounts that Orleans let go of would
/// stay resident: 950 MB were measured for good after 100,000 accounts. In a minute without players a full collection pauses nobody.
/// </summary>
internal sealed class IdleMemory(TimeProvider clock) : BackgroundService
{
    private const long QuietBytes = 32 << 20;
    private const long WorthBytes = 256 << 20;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        var (last, collectedAt) = (0L, 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - last < QuietBytes && allocated - collectedAt > WorthBytes)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collectedAt = allocated;
            }

            last = allocated;
        }
    }
}

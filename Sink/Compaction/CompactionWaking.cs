using Banking.Lake;
using Banking.Sink.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Compaction;

/// <summary>Keeps the compaction's grain awake somewhere in the cluster, so that its schedule goes on when the silo that had it is gone.</summary>
internal sealed partial class CompactionWaking(IGrainFactory grains, IOptions<LakeSinkOptions> options, TimeProvider time, ILogger<CompactionWaking> logger) : BackgroundService
{
    private static readonly TimeSpan WakeEvery = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Hive is null || options.Value.Compaction.Every == TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(WakeEvery, time);
        var failed = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await grains.GetGrain<ICompactionGrain>(ICompactionGrain.Key).GetStatus().WaitAsync(stoppingToken);
                failed = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!failed) LogNotAwake(e);
                failed = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The compaction's grain does not answer; it is asked again.")]
    private partial void LogNotAwake(Exception exception);
}

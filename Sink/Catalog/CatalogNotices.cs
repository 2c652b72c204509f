using Banking.Lake;
using Banking.Sink.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Catalog;

/// <summary>
/// Tells the catalog's grain about days that have new files, repeating it until the grain takes it, and wakes the grain when no file is
/// committed. Commits wait for nothing here. Notices that are lost with the process are found again in the lake. Thread-safe.
/// </summary>
internal sealed partial class CatalogNotices(IGrainFactory grains, TimeProvider time, ILogger<CatalogNotices> logger) : BackgroundService
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    /// <summary>How often the grain is woken, as the silo that had it may be gone.</summary>
    private static readonly TimeSpan WakeEvery = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private HashSet<LakeDay> _waiting = [];

    /// <summary>Fires before the silo stops, which would otherwise wait for a grain that waits for a metastore.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public void Add(string table, DateOnly day)
    {
        lock (_lock) _waiting.Add(new LakeDay(table, day));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (since, wait) = (time.GetTimestamp(), TimeSpan.Zero);
        var failures = 0;
        using var timer = new PeriodicTimer(TickEvery, time);
        do
        {
            if (time.GetElapsedTime(since) < wait && (failures > 0 || !HasSome)) continue;
            var days = TakeOut();
            try
            {
                await grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).Announce([.. days]).WaitAsync(stoppingToken);
                failures = 0;
                (since, wait) = (time.GetTimestamp(), WakeEvery);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                PutBack(days);
                if (failures++ == 0) LogNotTaken(e);
                (since, wait) = (time.GetTimestamp(), LakeSinkOptions.Retries.After(failures));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private bool HasSome
    {
        get
        {
            lock (_lock) return _waiting.Count > 0;
        }
    }

    // A file that is committed while the grain is being told is announced in the next round, even if its day is in this one.
    private HashSet<LakeDay> TakeOut()
    {
        lock (_lock)
        {
            var days = _waiting;
            _waiting = [];
            return days;
        }
    }

    private void PutBack(HashSet<LakeDay> days)
    {
        lock (_lock) _waiting.UnionWith(days);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The catalog was not told of new days; it is told again.")]
    private partial void LogNotTaken(Exception exception);
}

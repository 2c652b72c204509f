using Banking.Lake;
using Banking.Lake.Catalog;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Sink.Settings;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Compaction;

/// <summary>
/// See <see cref="CompactionRound"/>, which runs beside the grain's turns. When the grain or its silo ends, the compaction ends at once;
/// the next one removes what is left of it.
/// </summary>
internal sealed partial class CompactionGrain(
    CompactionServices services, ILogger<CompactionGrain> logger) : Grain, ICompactionGrain, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // Not at once, as a silo that starts has other things to do.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _deactivating = new();
    private CompactionTally? _tally;
    private Task _running = Task.CompletedTask;
    private readonly CompactionClocks _clocks = new(new DayClock(services.Time), new GraceWatch(services.Time));

    // By the monotonic clock: a step of the wall clock would make the schedule wait for just as long.
    private (long Since, TimeSpan Wait)? _due;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var every = services.Options.Every;
        if (every > TimeSpan.Zero) _due = (services.Time.GetTimestamp(), every < FirstAfter ? every : FirstAfter);

        // Keeps the grain alive: an idle grain would be collected, and its compaction with it.
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(LookEvery, LookEvery) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivating.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    public Task<CompactionStatus?> Start(CompactionOrder order) =>
        Task.FromResult(_running.IsCompleted ? Begin(order, CompactionChoice.MinFilesOnDemand, scheduled: false) : null);

    public Task<CompactionStatus> GetStatus() => Task.FromResult(_tally?.Status ?? CompactionTally.Nothing);

    public void Dispose() => _deactivating.Dispose();

    private Task LookAsync(CancellationToken cancellationToken)
    {
        if (_running.IsCompleted && _due is { } due && services.Time.GetElapsedTime(due.Since) >= due.Wait)
        {
            Begin(new CompactionOrder(null, null), services.Options.MinFiles, scheduled: true);
        }
        return Task.CompletedTask;
    }

    private CompactionStatus Begin(CompactionOrder order, int minFiles, bool scheduled)
    {
        _tally = new CompactionTally(Guid.NewGuid().ToString("N"), scheduled, services.Time);
        _running = RunAsync(order, minFiles, _tally);
        return _tally.Status;
    }

    private async Task RunAsync(CompactionOrder order, int minFiles, CompactionTally tally)
    {
        try
        {
            await Task.Run(
                () => new CompactionRound(services, _clocks, order, minFiles, tally).RunAsync(_deactivating.Token), _deactivating.Token);
            tally.End(null);
        }
        catch (Exception) when (_deactivating.IsCancellationRequested)
        {
            tally.End("The silo ended in the middle of it.");
        }
        catch (Exception e)
        {
            LogFailed(e);
            tally.End(e.Message);
        }

        if (services.Options.Every > TimeSpan.Zero) _due = (services.Time.GetTimestamp(), services.Options.Every);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The compaction ended early; nothing is lost, and the next one goes on from there.")]
    private partial void LogFailed(Exception exception);
}

/// <summary>Time measurements that outlive a compaction.</summary>
internal sealed record CompactionClocks(DayClock Days, GraceWatch Grace);

/// <summary>The services that a compaction works with.</summary>
/// <param name="Catalog">Null if queries go by the manifests alone.</param>
internal sealed record CompactionServices(
    ILakeStore Store,
    ILakeCatalog? Catalog,
    IDaySwitch Switch,
    ParquetEncoder Encoder,
    CompactionOptions Options,
    TimeProvider Time,
    ILogger<CompactionRound> Logger);

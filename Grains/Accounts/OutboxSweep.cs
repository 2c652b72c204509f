using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Banking.Accounts;

/// <summary>Finds the accounts in storage that have events which may be unpublished.</summary>
public interface IUnpublishedAccounts
{
    /// <summary>The ids of accounts whose last write was made before a given time and left events in the outbox.</summary>
    IAsyncEnumerable<string> FindAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken);
}

/// <summary>
/// Wakes the accounts that a crash left with unpublished events, as nobody may ever call them again. Runs on every silo at start and then
/// periodically. Accounts written recently are left alone: they are alive and only have not noted yet that their events are published.
/// </summary>
public sealed partial class OutboxSweep(
    IUnpublishedAccounts accounts,
    IGrainFactory grains,
    IOptions<AccountOptions> options,
    TimeProvider time,
    ILogger<OutboxSweep> logger) : BackgroundService
{
    private const int Concurrency = 32;

    /// <summary>
    /// Once in this many sweeps, accounts of any age are looked at: those written by a clock that was ahead seem to be young until time has
    /// caught up.
    /// </summary>
    private const int SweepsUntilAll = 40;

    /// <summary>
    /// Publishes everything that was acknowledged before the call by accounts last written before a given time. Throws if an account can't.
    /// </summary>
    public async Task<int> PublishAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken)
    {
        var count = 0;
        var failures = new ConcurrentQueue<Exception>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(accounts.FindAsync(writtenBefore, cancellationToken), parallel, async (id, token) =>
        {
            try
            {
                await grains.GetGrain<IAccountGrain>(id).PublishOutbox().WaitAsync(token);
                Interlocked.Increment(ref count);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                // One account that can't publish must not keep all those after it from being published.
                failures.Enqueue(e);
            }
        });
        return failures.TryPeek(out var first)
            ? throw new AggregateException($"{failures.Count} accounts could not publish their events.", first)
            : count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweeps = 0;
        using var timer = new PeriodicTimer(options.Value.SweepPeriod, time);
        do
        {
            try
            {
                // Younger accounts publish by themselves, and record it when they have been idle for ClearPublishedAfter.
                var age = options.Value.SweepPeriod + options.Value.ClearPublishedAfter;
                var before = ++sweeps % SweepsUntilAll == 0 ? DateTimeOffset.MaxValue : time.GetUtcNow() - age;
                var count = await PublishAsync(before, stoppingToken);
                if (count > 0) LogSwept(count);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e, options.Value.SweepPeriod);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Published the events of {Count} accounts that had been left with some.")]
    private partial void LogSwept(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not publish the events of all accounts left with some; again in {Period}.")]
    private partial void LogFailed(Exception exception, TimeSpan period);
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Banking.Accounts;

/// <summary>Finds, in storage, the accounts that have events which may be unpublished.</summary>
public interface IUnpublishedAccounts
{
    /// <summary>Account ids whose last write, made before a time, left events in the outbox.</summary>
    IAsyncEnumerable<string> FindAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken);
}

/// <summary>
/// Wakes the accounts that a crash left with unpublished events: nobody may ever call them again. Runs on every silo at start and then
/// periodically; an account that is alive and only has not noted yet that its events are published is left alone by its age.
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
    /// Every so many sweeps look at accounts of any age: those written by a clock that was ahead seem to be young until it has caught up.
    /// </summary>
    private const int SweepsUntilAll = 40;

    /// <summary>
    /// Publishes everything that was acknowledged before the call, of accounts last written before a time. Throws if an account can't.
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
                // One account that can't must not keep all those behind it from being published.
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
                // Younger ones publish by themselves, and note it when they have been idle for ClearPublishedAfter.
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

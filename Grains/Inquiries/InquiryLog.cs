using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Banking.Events;
using Banking.Waiting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Banking.Inquiries;

/// <summary>
/// A silo's inquiries on their way to the log, in batches. While the log is unavailable they wait in a bounded queue. Beyond the bound they
/// are dropped and counted, so that looking at a price never fails because the log does. Thread-safe.
/// </summary>
public sealed partial class InquiryLog(
    EventStreams streams, TimeProvider time, ILogger<InquiryLog> logger, IMeterFactory meters) : BackgroundService
{
    /// <summary>Some 5 MB of usual inquiries, or 120 MB with all headers at their longest.</summary>
    internal const int Capacity = 16_384;
    private const int MaxBatch = 1_000;
    private static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    private readonly Channel<Entry> _queue = Channel.CreateBounded<Entry>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Counter<long> _dropped = meters.Create("Banking.Grains").CreateCounter<long>("banking.inquiries.dropped", "{inquiry}");
    private uint _batches;

    /// <summary>Takes in an inquiry; it is published soon.</summary>
    public void Record(in Inquiry inquiry)
    {
        if (!_queue.Writer.TryWrite(new Entry(inquiry.ToEvent(time.GetUtcNow()), null))) _dropped.Add(1);
    }

    /// <summary>Completes when the log has every inquiry that was recorded before the call and not dropped.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Entry(null, reached), cancellationToken);
        await reached.Task.WaitAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (ExecuteTask is { IsCompleted: false }) await DrainAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogLost(logger, _queue.Reader.Count);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Entry>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var entry)) batch.Add(entry);
            await PublishAsync(batch, stoppingToken);
            foreach (var entry in batch) entry.Reached?.SetResult();
            batch.Clear();
        }
    }

    private async Task PublishAsync(List<Entry> batch, CancellationToken cancellationToken)
    {
        List<IGrouping<int, GameEvent>> groups = [];
        await RetryAsync(
            () =>
            {
                groups = ByPartition(batch);
                return Task.CompletedTask;
            },
            cancellationToken);
        foreach (var group in groups)
        {
            GameEvent[] events = [.. group];
            await RetryAsync(() => streams.PublishAsync(group.Key, events), cancellationToken);
        }
    }

    private List<IGrouping<int, GameEvent>> ByPartition(List<Entry> batch)
    {
        List<GameEvent> events = [.. batch.Where(e => e.Event is not null).Select(e => e.Event!)];
        if (events.Count == 0) return [];

        // Inquiries about no account may go to any partition; those of this batch go together.
        var anyPartition = (int)(_batches++ % streams.RequirePartitionCount());
        return [.. events.GroupBy(e => e.AccountId is { } account ? streams.RequirePartitionOf(account).Number : anyPartition)];
    }

    private async Task RetryAsync(Func<Task> attempt, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Retries.After(failures), time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped with the log away: {Count} inquiries are lost.")]
    private static partial void LogLost(ILogger logger, int count);

    private readonly record struct Entry(GameEvent? Event, TaskCompletionSource? Reached);
}

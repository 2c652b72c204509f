using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// Reads one partition into its cache, wakes cursors that waited for history, and commits. It waits for records for up to a second at a
/// time, so that an idle partition costs one round per second and an append is seen at once. A failure is logged, counted and tried again
/// after a pause; an exception would only make the agent log six more messages. Used by one pulling agent.
/// </summary>
/// <param name="closed">Cancelled before the log is disposed with its container: errors from then on mean the end, not a failure.</param>
internal sealed partial class LogReceiver(
    IPartitionedLog log, PartitionCache cache, StreamRouting routing, TimeProvider time, ILogger logger, CancellationToken closed)
    : IQueueAdapterReceiver, IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly OffsetCommit _commit = new(log, cache, time);
    private readonly FailureSeries _readFailures = new(time);
    private readonly FailureSeries _commitFailures = new(time);
    private ILogReader? _reader;
    private Task<bool>? _growth;
    private long _retryAt;
    private bool _isTaken;

    public Task Initialize(TimeSpan timeout) => Initialize(timeout, CancellationToken.None);

    // The first read opens the log: failures at the start are then retried like any other failure.
    public Task Initialize(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cache.Metrics.Take(cache.Partition, cache);
        _isTaken = true;
        return Task.CompletedTask;
    }

    [Obsolete("The agent uses the overload with a CancellationToken.")]
    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        try
        {
            if (closed.IsCancellationRequested || time.GetTimestamp() < _retryAt) return [];
            _reader ??= await OpenAsync(cancellationToken);
            Task signal;
            do
            {
                signal = cache.Signal.Next;
                if (await CommitAsync(cancellationToken))
                {
                    await CloseReaderAsync();
                    _reader = await OpenAsync(cancellationToken);
                }

                await cache.History.TickAsync();
                if (cache.TakeWakes() is { Count: > 0 } wakes)
                {
                    // The agent's run ends here: what it took in this run counts as delivered, and others get the scheduler before cursors
                    // move again.
                    await Task.Yield();
                    return wakes;
                }

                if (cache.HasRoom && await ReadAsync(cancellationToken) is { Count: > 0 } slices) return slices;
            }
            while (await WaitAsync(signal, cancellationToken));
            return [];
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent is stopping; an exception would be logged as a failure of the queue.
            return [];
        }
        catch (Exception) when (closed.IsCancellationRequested)
        {
            // Only a start that failed late gets here: the log was disposed before its agents, and nobody waits for them.
            return [];
        }
        catch (Exception exception)
        {
            _retryAt = time.GetTimestamp() + (long)(cache.Options.MaxRetryDelay.TotalSeconds * time.TimestampFrequency);
            cache.Metrics.Failed(cache.Partition, exception is OffsetOutOfRangeException ? "lost_offset" : "read");
            if (_readFailures.Add()) LogReadFailed(cache.Partition, _readFailures.Count, exception.Message, TraceOf(exception));
            await CloseReaderAsync();
            return [];
        }
    }

    [Obsolete("The agent uses the overload with a CancellationToken.")]
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout) => Shutdown(timeout, CancellationToken.None);

    public async Task Shutdown(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_isTaken) cache.Metrics.Release(cache.Partition, cache);
        _isTaken = false;
        try
        {
            if (!closed.IsCancellationRequested) await _commit.FinishAsync(cancellationToken);
        }
        finally
        {
            await _stopping.CancelAsync();
            await CloseReaderAsync();
            await cache.History.DisposeAsync();
            Dispose();
        }
    }

    public void Dispose() => _stopping.Dispose();

    /// <returns>True if reading has to start over.</returns>
    private async ValueTask<bool> CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            var beginsAnew = await _commit.RunAsync(cancellationToken);
            if (_commitFailures.End() is > 0 and var count) LogCommitsAgain(cache.Partition, count);
            return beginsAnew;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !closed.IsCancellationRequested)
        {
            // Deliveries go on, so that a full disk can be drained; the next interval tries again.
            cache.Metrics.Failed(cache.Partition, "commit");
            if (_commitFailures.Add()) LogCommitFailed(cache.Partition, _commitFailures.Count, exception.Message, TraceOf(exception));
            return false;
        }
    }

    private async ValueTask<IList<IBatchContainer>> ReadAsync(CancellationToken cancellationToken)
    {
        var records = await _reader!.ReadAsync(cache.Options.BatchRecords, cancellationToken);
        if (_readFailures.End() is > 0 and var count) LogReadsAgain(cache.Partition, count);
        if (records.Count == 0)
        {
            cache.PassHoles(_reader.NextOffset);
            return [];
        }

        cache.Metrics.Consumed(cache.Partition, records.Count);
        var chunk = Chunk.Build(records, routing, cache.Partition);
        return [.. chunk.Streams.Select(stream => new StreamSlice(stream, chunk.FirstOffsetOf(stream), chunk))];
    }

    /// <summary>
    /// True when there is something to do; false when nothing has come for a while, or when the log can't tell, so that the agent's timer
    /// has to suffice.
    /// </summary>
    private async ValueTask<bool> WaitAsync(Task signal, CancellationToken cancellationToken)
    {
        var hasRoom = cache.HasRoom;
        if (hasRoom)
        {
            _growth ??= _reader!.WaitAsync(_stopping.Token).AsTask();
            if (_growth.IsCompleted) return await GrownAsync();
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pause = Task.Delay(MaxWait, time, timeout.Token);
        var first = await (hasRoom ? Task.WhenAny(_growth!, signal, pause) : Task.WhenAny(signal, pause));
        await timeout.CancelAsync();
        return !cancellationToken.IsCancellationRequested && first != pause && (first == signal || await GrownAsync());
    }

    private async ValueTask<bool> GrownAsync()
    {
        var growth = _growth!;
        _growth = null;
        return await growth;
    }

    private async ValueTask<ILogReader> OpenAsync(CancellationToken cancellationToken)
    {
        var bounds = await log.GetBoundsAsync(cache.Partition, cancellationToken);
        var committed = await log.GetCommittedAsync(cache.Options.Group, cache.Partition, cancellationToken);
        // After a failure the cache goes on where it was; at the start it begins at the group's offset.
        var start = cache.IsStarted ? cache.Next : committed ?? bounds.First;
        if (start < bounds.First || start > bounds.Next)
        {
            if (cache.Options.LostOffsetPolicy == LostOffsetPolicy.Block)
            {
                throw new OffsetOutOfRangeException(cache.Partition, start, bounds);
            }
            cache.Metrics.Lost(cache.Partition, Math.Max(0, bounds.First - start));
            LogContinued(cache.Partition, start, bounds.First);
            start = bounds.First;
            cache.StartAt(start);
        }

        if (!cache.IsStarted) cache.StartAt(start);
        cache.Committed = committed ?? bounds.First;
        return await log.OpenReaderAsync(cache.Partition, start, cancellationToken);
    }

    private async ValueTask CloseReaderAsync()
    {
        var reader = _reader;
        (_reader, _growth) = (null, null);
        if (reader is not null) await reader.DisposeAsync();
    }

    /// <summary>For a log's own exception the sentence is enough; anything else is a defect that needs its stack trace.</summary>
    private static Exception? TraceOf(Exception exception) => exception is LogException or OffsetOutOfRangeException ? null : exception;

    [LoggerMessage(LogLevel.Error, "Partition {Partition} can't be read; trying again (failures: {Count}). {Reason}")]
    private partial void LogReadFailed(int partition, int count, string reason, Exception? exception);

    [LoggerMessage(LogLevel.Information, "Partition {Partition} is read again after {Count} failures.")]
    private partial void LogReadsAgain(int partition, int count);

    [LoggerMessage(LogLevel.Error, "The offset of partition {Partition} can't be committed or looked up; trying again (failures: "
        + "{Count}). {Reason}")]
    private partial void LogCommitFailed(int partition, int count, string reason, Exception? exception);

    [LoggerMessage(LogLevel.Information, "The offset of partition {Partition} can be committed and looked up again after {Count} "
        + "failures.")]
    private partial void LogCommitsAgain(int partition, int count);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition} was to go on at offset {Offset}, which the log does not have; it goes on at "
        + "{First}.")]
    private partial void LogContinued(int partition, long offset, long first);
}

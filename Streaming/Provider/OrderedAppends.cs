using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// Hands appends to the log in the order of the calls, including those that came before it was open: these are handed over one after the
/// other, and calls that come meanwhile queue up behind them. Thread-safe.
/// </summary>
internal sealed class OrderedAppends(IPartitionedLog log, StreamRouting routing, LogStreamMetrics metrics)
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();

    /// <exception cref="LogException">The log is not open after the time that its settings allow for a call, or did not take the
    /// records.</exception>
    /// <exception cref="ArgumentException">The stream is named like a partition, but there is no such partition.</exception>
    public Task AppendAsync(StreamId stream, IReadOnlyList<NewLogRecord> records)
    {
        lock (_lock)
        {
            var opening = log.OpenAsync(CancellationToken.None);
            if (_waiting.Count > 0 || !opening.IsCompletedSuccessfully)
            {
                var waiting = new Waiting(opening.AsTask(), stream, records);
                _waiting.Enqueue(waiting);
                if (_waiting.Count == 1) _ = Task.Run(HandOverAsync);
                return waiting.Task;
            }
        }

        // Outside the lock, so that appends of many callers run in parallel.
        return HandOverAsync(stream, records);
    }

    private async Task HandOverAsync(StreamId stream, IReadOnlyList<NewLogRecord> records)
    {
        var partition = routing.Partition(stream);
        try
        {
            await log.AppendAsync(partition, records, CancellationToken.None);
        }
        catch
        {
            metrics.AppendFailed(partition);
            throw;
        }

        metrics.Appended(partition, records.Count);
    }

    private async Task HandOverAsync()
    {
        // Each stays in the queue until it is handed over, so that calls that come meanwhile queue up behind it.
        while (true)
        {
            Waiting? next;
            lock (_lock)
            {
                if (!_waiting.TryPeek(out next)) return;
            }

            try
            {
                await next.Opening;
                next.Follow(HandOverAsync(next.Stream, next.Records));
            }
            catch (Exception exception)
            {
                next.SetException(exception);
            }

            lock (_lock)
            {
                _waiting.Dequeue();
                if (_waiting.Count == 0) return;
            }
        }
    }

    private sealed class Waiting(Task opening, StreamId stream, IReadOnlyList<NewLogRecord> records)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Task Opening => opening;

        public StreamId Stream => stream;

        public IReadOnlyList<NewLogRecord> Records => records;

        /// <summary>Makes this task end as another one does.</summary>
        public void Follow(Task append) =>
            _ = append.ContinueWith(
                SetFromTask, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

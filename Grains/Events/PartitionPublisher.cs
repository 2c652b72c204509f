namespace Banking.Events;

/// <summary>
/// One partition's way to the log, shared by all accounts of a silo: what comes while an append is under way goes with the next, so the number of
/// appends does not grow with the number of accounts. Thread-safe.
/// </summary>
/// <param name="append">Completes when the events are in the log, next to each other and in order.</param>
internal sealed class PartitionPublisher(Func<IReadOnlyList<GameEvent>, Task> append)
{
    private readonly Lock _lock = new();
    private Batch _waiting = new();
    private bool _isRunning;

    /// <summary>Completes when the log has the events. A failure means that it may have them or not.</summary>
    public Task Publish(IReadOnlyList<GameEvent> events)
    {
        Batch joined;
        lock (_lock)
        {
            joined = _waiting;
            joined.Events.AddRange(events);
            if (_isRunning) return joined.Task;
            _isRunning = true;
        }

        // Not on the grain's scheduler, nor with its request context: the batch is nobody's in particular.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(AppendAll);
        return joined.Task;
    }

    private async Task AppendAll()
    {
        while (Next() is { } batch)
        {
            try
            {
                await append(batch.Events);
                batch.SetResult();
            }
            catch (Exception e)
            {
                batch.SetException(e);
            }
        }
    }

    private Batch? Next()
    {
        lock (_lock)
        {
            var batch = _waiting;
            if (batch.Events.Count == 0)
            {
                _isRunning = false;
                return null;
            }

            _waiting = new Batch();
            return batch;
        }
    }

    private sealed class Batch() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public List<GameEvent> Events { get; } = [];
    }
}

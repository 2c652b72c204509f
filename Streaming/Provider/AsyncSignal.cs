namespace Banking.Streaming.Provider;

/// <summary>Wakes one waiter; a signal that nobody waits for is kept for the next waiter. Thread-safe.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _source = New();

    public void Set()
    {
        lock (_lock) _source.TrySetResult();
    }

    /// <summary>Completes at the next signal; <see cref="Reset"/> makes it wait again.</summary>
    public Task Task
    {
        get
        {
            lock (_lock) return _source.Task;
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            if (_source.Task.IsCompleted) _source = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

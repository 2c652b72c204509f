namespace Banking.Waiting;

/// <summary>Wakes all who wait for the next change. Costs nothing while nobody waits. Thread-safe.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next <see cref="Fire"/>. Take it before looking at what may change.</summary>
    public Task Next
    {
        get
        {
            var next = Volatile.Read(ref _next);
            if (next is null)
            {
                var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                next = Interlocked.CompareExchange(ref _next, made, null) ?? made;
            }

            return next.Task;
        }
    }

    /// <summary>To be called after the change.</summary>
    public void Fire() => Interlocked.Exchange(ref _next, null)?.SetResult();
}

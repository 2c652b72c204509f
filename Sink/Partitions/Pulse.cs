namespace Banking.Sink.Partitions;

/// <summary>Wakes whoever waits for the next change. Not thread-safe.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next <see cref="Fire"/>. Take it before looking at what may change.</summary>
    public Task Next => _next.Task;

    public void Fire()
    {
        var fired = _next;
        _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        fired.SetResult();
    }
}

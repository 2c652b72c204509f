namespace Banking.Events;

/// <summary>How many accounts of a silo have durable events that the log has not confirmed, and go on offering them. Thread-safe.</summary>
public sealed class BusyOutboxes
{
    private int _count;

    /// <summary>How many there are now.</summary>
    public int Count => Volatile.Read(ref _count);

    internal void Begin() => Interlocked.Increment(ref _count);

    internal void End() => Interlocked.Decrement(ref _count);
}

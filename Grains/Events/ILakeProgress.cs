namespace Banking.Events;

/// <summary>
/// How far the lake has got with a partition of the events. Thread-safe. A call that fails says nothing about the log or the lake.
/// </summary>
public interface ILakeProgress
{
    /// <summary>The offset after everything that the log confirmed before the call.</summary>
    ValueTask<long> GetEndAsync(int partition, CancellationToken cancellationToken);

    /// <summary>The offset below which every event is durable in the lake.</summary>
    ValueTask<long> GetDurableAsync(int partition, CancellationToken cancellationToken);
}

namespace Banking.Events;

/// <summary>How far the lake is with a partition of the events. Thread-safe. A failure says nothing about either.</summary>
public interface ILakeProgress
{
    /// <summary>The offset behind everything that the log confirmed before the call.</summary>
    ValueTask<long> GetEndAsync(int partition, CancellationToken cancellationToken);

    /// <summary>Below this offset every event is durable in the lake.</summary>
    ValueTask<long> GetDurableAsync(int partition, CancellationToken cancellationToken);
}

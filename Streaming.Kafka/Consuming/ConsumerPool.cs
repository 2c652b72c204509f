using Banking.Streaming.Kafka.Native;

namespace Banking.Streaming.Kafka.Consuming;

/// <summary>
/// As many consumers as one partition has readers at a time: usually one, and a second while somebody reads old records. Thread-safe.
/// </summary>
internal sealed class ConsumerPool(KafkaLogOptions options, ClientLog clientLog) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<SharedConsumer> _consumers = [];
    private bool _disposed;

    public (SharedConsumer Consumer, PartitionFeed Feed) Open(int partition, long offset)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            foreach (var failed in _consumers.FindAll(consumer => consumer.HasFailed))
            {
                _consumers.Remove(failed);
                _ = Task.Run(failed.Dispose);
            }

            foreach (var consumer in _consumers)
            {
                if (consumer.TryOpen(partition, offset) is { } feed) return (consumer, feed);
            }

            var added = new SharedConsumer(options, clientLog);
            _consumers.Add(added);
            return (added, added.TryOpen(partition, offset)!);
        }
    }

    public void Close(SharedConsumer consumer, PartitionFeed feed)
    {
        SharedConsumer? spare = null;
        lock (_lock)
        {
            if (_disposed || !_consumers.Contains(consumer)) return;
            consumer.Close(feed);

            // One idle consumer is kept, as a reader of old records often comes back.
            if (_consumers.Count(c => c.IsIdle) > 1)
            {
                spare = _consumers.FindLast(c => c.IsIdle)!;
                _consumers.Remove(spare);
            }
        }

        if (spare is not null) _ = Task.Run(spare.Dispose);
    }

    public void Dispose()
    {
        SharedConsumer[] consumers;
        lock (_lock)
        {
            _disposed = true;
            consumers = [.. _consumers];
            _consumers.Clear();
        }

        foreach (var consumer in consumers) consumer.Dispose();
    }
}

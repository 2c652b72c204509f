using Banking.Streaming.Kafka.Consuming;
using Banking.Streaming.Kafka.Topics;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Log;

/// <summary>Reads a partition from its feed.</summary>
internal sealed class KafkaLogReader(
    KafkaLog log, KafkaTopic topic, ConsumerPool consumers, SharedConsumer consumer, PartitionFeed feed, KafkaLogOptions options,
    TimeProvider time) : ILogReader
{
    private bool _disposed;

    public long NextOffset => feed.Next;

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _ = topic.Topology;
        while (true)
        {
            try
            {
                if (feed.Take(maxRecords) is { } records) return records;
                await feed.WhenChangedAsync(orAtEnd: true).WaitAsync(options.RequestTimeout, time, cancellationToken);
            }
            catch (OffsetGoneException)
            {
                throw new OffsetOutOfRangeException(feed.Partition, feed.Next, await log.GetBoundsAsync(feed.Partition, cancellationToken));
            }
            catch (TimeoutException e)
            {
                throw new LogException(
                    $"The brokers did not answer a read of partition {feed.Partition} of '{options.Topic}' at offset {feed.Next}.", e);
            }
        }
    }

    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        await feed.WhenChangedAsync(orAtEnd: false).WaitAsync(cancellationToken);
        return true;
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        consumers.Close(consumer, feed);
        return ValueTask.CompletedTask;
    }
}

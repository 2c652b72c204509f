using System.Globalization;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>A queue is a partition. The queues lie evenly on the ring, so that the default balancer spreads them.</summary>
internal sealed class LogQueueMapper : IConsistentRingStreamQueueMapper
{
    private readonly StreamRouting _routing;
    private readonly QueueId[] _queues;

    public LogQueueMapper(string provider, StreamRouting routing, int partitions)
    {
        _routing = routing;
        var step = (1UL << 32) / (uint)partitions;
        _queues = [.. Enumerable.Range(0, partitions).Select(partition => QueueId.GetQueueId(provider, (uint)partition, (uint)(step * (uint)partition)))];
    }

    public IEnumerable<QueueId> GetAllQueues() => _queues;

    public QueueId GetQueueForStream(StreamId streamId) => _queues[_routing.Partition(streamId)];

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) => _queues.Where(queue => range.InRange(queue.GetUniformHashCode()));

    public static int Partition(QueueId queue) => (int)queue.GetNumericId();

    public static string Text(int partition) => partition.ToString(CultureInfo.InvariantCulture);
}

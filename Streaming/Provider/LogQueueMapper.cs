using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using Banking.Streaming.Log;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// A queue is a partition. The queues are spaced evenly on the ring, so that the default balancer spreads them. A queue's place does not
/// depend on how many queues there are. So silos that disagree about their number, as during a rolling restart that picks up new
/// partitions, still agree on who owns the others.
/// </summary>
internal sealed class LogQueueMapper(string provider, StreamRouting routing, IPartitionedLog log) : IConsistentRingStreamQueueMapper
{
    private readonly ConcurrentDictionary<int, QueueId> _queues = new();

    public IEnumerable<QueueId> GetAllQueues() => Enumerable.Range(0, log.PartitionCount).Select(Queue);

    public QueueId GetQueueForStream(StreamId streamId) => Queue(routing.Partition(streamId));

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) =>
        GetAllQueues().Where(queue => range.InRange(queue.GetUniformHashCode()));

    public static int Partition(QueueId queue) => (int)queue.GetNumericId();

    public static string Text(int partition) => partition.ToString(CultureInfo.InvariantCulture);

    /// <summary>The partition's bits in reverse (van der Corput's sequence): 0, 1/2, 1/4, 3/4, 1/8 and so on of the ring.</summary>
    internal static uint Position(int partition)
    {
        var position = 0u;
        for (var rest = (uint)partition; rest != 0; rest &= rest - 1) position |= 0x8000_0000u >> BitOperations.TrailingZeroCount(rest);
        return position;
    }

    private QueueId Queue(int partition) =>
        _queues.TryGetValue(partition, out var queue)
            ? queue
            : _queues.GetOrAdd(partition, static (p, name) => QueueId.GetQueueId(name, (uint)p, Position(p)), provider);
}

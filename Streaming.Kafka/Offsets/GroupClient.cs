using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Log;
using Confluent.Kafka;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Offsets;

/// <summary>
/// A consumer that is assigned nothing and joins no group: it asks for offsets and commits those of its group. Each call blocks a thread,
/// at most for the time it is given. Thread-safe.
/// </summary>
/// <remarks>
/// The administrator's calls for the same are not used: they end the process, by an assertion in librdkafka, if a coordinator answers after
/// they have timed out (https://github.com/confluentinc/librdkafka/issues/4605).
/// </remarks>
internal sealed class GroupClient : IDisposable
{
    private static readonly Timestamp Earliest = new(-2, TimestampType.NotAvailable);
    private static readonly Timestamp Latest = new(-1, TimestampType.NotAvailable);

    private readonly KafkaLogOptions _options;
    private readonly IConsumer<Ignore, Ignore> _consumer;

    public GroupClient(KafkaLogOptions options, string group, ClientLog clientLog)
    {
        _options = options;
        _consumer = new ConsumerBuilder<Ignore, Ignore>(ClientSettings.Questions(options, group))
            .SetErrorHandler((_, error) => clientLog.Say(error))
            .SetLogHandler((_, message) => clientLog.Say(message))
            .Build();
    }

    public Handle Handle => _consumer.Handle;

    /// <summary>The bounds of partitions; the ends are high watermarks. Partitions whose leader did not answer are left out.</summary>
    public Dictionary<int, LogBounds> Bounds(IReadOnlyCollection<int> partitions)
    {
        ServeEvents();
        var first = List(partitions, Earliest);
        var next = List(partitions, Latest);
        return partitions
            .Where(partition => first.ContainsKey(partition) && next.ContainsKey(partition))
            .ToDictionary(partition => partition, partition => new LogBounds(first[partition], next[partition]));
    }

    /// <summary>The committed offsets; null where the group never committed, or so long ago that the brokers have forgotten it.</summary>
    public Dictionary<int, long?> Committed(IEnumerable<int> partitions)
    {
        ServeEvents();
        return _consumer.Committed(partitions.Select(Of), _options.RequestTimeout)
            .ToDictionary(offset => offset.Partition.Value, offset => offset.Offset.IsSpecial ? (long?)null : offset.Offset.Value);
    }

    public void Commit(IReadOnlyDictionary<int, long> offsets)
    {
        ServeEvents();
        try
        {
            _consumer.Commit(offsets.Select(offset => new TopicPartitionOffset(Of(offset.Key), offset.Value)));
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration)
        {
            throw new LogException("The group's offsets can't be committed: a consumer outside Orleans subscribes under its name.", e);
        }
    }

    public void Dispose() => _consumer.Dispose();

    private Dictionary<int, long> List(IEnumerable<int> partitions, Timestamp end)
    {
        try
        {
            return Read(_consumer.OffsetsForTimes(
                partitions.Select(partition => new TopicPartitionTimestamp(Of(partition), end)), _options.RequestTimeout)
                .Select(offset => new TopicPartitionOffsetError(offset.TopicPartition, offset.Offset, new Error(ErrorCode.NoError))));
        }
        catch (TopicPartitionOffsetException e) when (e.Results.Any(offset => !offset.Error.IsError))
        {
            return Read(e.Results);
        }

        static Dictionary<int, long> Read(IEnumerable<TopicPartitionOffsetError> offsets) => offsets
            .Where(offset => !offset.Error.IsError && !offset.Offset.IsSpecial)
            .ToDictionary(offset => offset.Partition.Value, offset => offset.Offset.Value);
    }

    /// <summary>Serves waiting errors, which a consumer that never fetches would otherwise accumulate.</summary>
    private void ServeEvents()
    {
        try
        {
            _consumer.Consume(TimeSpan.Zero);
        }
        catch (ConsumeException)
        {
            // The error handler has reported it.
        }
    }

    private TopicPartition Of(int partition) => new(_options.Topic, partition);
}

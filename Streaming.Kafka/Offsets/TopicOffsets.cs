using Banking.Streaming.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Offsets;

/// <summary>The bounds of partitions and the offsets of groups, asked of the brokers. Thread-safe.</summary>
internal sealed class TopicOffsets
{
    private readonly IAdminClient _admin;
    private readonly KafkaLogOptions _options;
    private readonly IsolationLevel _isolation;
    private readonly Gathering<int, bool, LogBounds> _bounds;
    private readonly Gathering<(string Group, int Partition), bool, long?> _committed;
    private readonly Gathering<(string Group, int Partition), long, bool> _commits;

    public TopicOffsets(IAdminClient admin, KafkaLogOptions options)
    {
        _admin = admin;
        _options = options;
        _isolation = ClientSettings.Consumer(options).IsolationLevel ?? IsolationLevel.ReadCommitted;
        _bounds = new(AskBoundsAsync);
        _committed = new(AskCommittedAsync);
        _commits = new(CommitAsync);
    }

    public Task<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken) => _bounds.AskAsync(partition, true, cancellationToken);

    public Task<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken) =>
        _committed.AskAsync((group, partition), true, cancellationToken);

    public Task CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken) =>
        _commits.AskAsync((group, partition), offset, cancellationToken);

    private async Task<Dictionary<int, LogBounds>> AskBoundsAsync(Dictionary<int, bool> asks)
    {
        var ends = await Task.WhenAll(ListAsync(asks.Keys, OffsetSpec.Earliest()), ListAsync(asks.Keys, OffsetSpec.Latest()));
        return asks.Keys
            .Where(partition => ends.All(end => end.ContainsKey(partition)))
            .ToDictionary(partition => partition, partition => new LogBounds(ends[0][partition], ends[1][partition]));
    }

    private async Task<Dictionary<int, long>> ListAsync(IEnumerable<int> partitions, OffsetSpec spec)
    {
        var asks = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = Of(partition), OffsetSpec = spec });
        try
        {
            var answer = await _admin.ListOffsetsAsync(asks, new ListOffsetsOptions { RequestTimeout = _options.RequestTimeout, IsolationLevel = _isolation });
            return Read(answer.ResultInfos);
        }
        catch (ListOffsetsException e) when (e.Result.ResultInfos.Any(info => !info.TopicPartitionOffsetError.Error.IsError))
        {
            return Read(e.Result.ResultInfos);
        }
    }

    private static Dictionary<int, long> Read(IEnumerable<ListOffsetsResultInfo> infos) => infos
        .Select(info => info.TopicPartitionOffsetError)
        .Where(offset => !offset.Error.IsError)
        .ToDictionary(offset => offset.Partition.Value, offset => offset.Offset.Value);

    private async Task<Dictionary<(string Group, int Partition), long?>> AskCommittedAsync(Dictionary<(string Group, int Partition), bool> asks)
    {
        var answers = new Dictionary<(string, int), long?>();

        // The protocol takes one group a request.
        foreach (var group in asks.Keys.GroupBy(ask => ask.Group, ask => Of(ask.Partition)))
        {
            var answer = await _admin.ListConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitions(group.Key, [.. group])], new ListConsumerGroupOffsetsOptions { RequestTimeout = _options.RequestTimeout });
            foreach (var offset in answer[0].Partitions.Where(offset => !offset.Error.IsError))
                answers[(group.Key, offset.Partition.Value)] = offset.Offset.IsSpecial ? null : offset.Offset.Value;
        }

        return answers;
    }

    private async Task<Dictionary<(string Group, int Partition), bool>> CommitAsync(Dictionary<(string Group, int Partition), long> asks)
    {
        var answers = new Dictionary<(string, int), bool>();
        foreach (var group in asks.GroupBy(ask => ask.Key.Group, ask => new TopicPartitionOffset(Of(ask.Key.Partition), ask.Value)))
        {
            try
            {
                var answer = await _admin.AlterConsumerGroupOffsetsAsync(
                    [new ConsumerGroupTopicPartitionOffsets(group.Key, [.. group])], new AlterConsumerGroupOffsetsOptions { RequestTimeout = _options.RequestTimeout });
                foreach (var offset in answer[0].Partitions.Where(offset => !offset.Error.IsError)) answers[(group.Key, offset.Partition.Value)] = true;
            }
            catch (KafkaException e) when (e.Error.Code is ErrorCode.UnknownMemberId or ErrorCode.NonEmptyGroup)
            {
                throw new LogException($"The offsets of the group '{group.Key}' can't be committed: a consumer outside Orleans subscribes under its name.", e);
            }
        }

        return answers;
    }

    private TopicPartition Of(int partition) => new(_options.Topic, partition);
}

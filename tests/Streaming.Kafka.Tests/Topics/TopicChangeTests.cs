using Banking.Servers;
using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Banking.Streaming.Kafka.Tests.Topics;

/// <summary>What others do to the topic while the log is open: retention, growth, deletion.</summary>
public sealed class TopicChangeTests : IAsyncLifetime
{
    private TestTopic? _topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _topic = new TestTopic(await RealServers.Kafka());

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
    }

    [Fact]
    public async Task Open_WhenTheTopicIsMissing_ThenItIsMadeAsTheSettingsSay()
    {
        await _topic!.Open(options => (options.Partitions, options.Retention) = (3, TimeSpan.FromHours(2)));

        var topic = Assert.Single((await _topic.Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([_topic.Name]))).TopicDescriptions);
        var settings = Assert
            .Single(await _topic.Admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = _topic.Name }]))
            .Entries;
        Assert.Equal(3, topic.Partitions.Count);
        Assert.Equal(("7200000", "LogAppendTime"), (settings["retention.ms"].Value, settings["message.timestamp.type"].Value));
    }

    [Fact]
    public async Task Open_WhenTheTopicIsMissingAndMayNotBeMade_ThenItSaysSoUntilSomebodyMakesIt()
    {
        var log = _topic!.Look(options => (options.CreateTopics, options.RequestTimeout) = (false, TimeSpan.FromSeconds(1)));
        var refusal = await Assert.ThrowsAsync<LogException>(async () => await log.OpenAsync(Cancellation));
        Assert.Contains($"there is no topic '{_topic.Name}'", refusal.Message, StringComparison.Ordinal);

        await _topic.Admin.CreateTopicsAsync([new TopicSpecification { Name = _topic.Name, NumPartitions = 5 }]);

        await Eventually.True(() => Count(log) == 5, "the log is open");
    }

    [Fact]
    public async Task Read_WhenRetentionTookTheOffset_ThenTheReaderIsToldWhatThereIs()
    {
        var log = await _topic!.Open();
        await log.AppendAsync(1, TestTopic.Records("a", "b", "c", "d"), Cancellation);
        await _topic.Admin.DeleteRecordsAsync([new TopicPartitionOffset(_topic.Name, 1, 3)]);

        await using var reader = await log.OpenReaderAsync(1, 1, Cancellation);
        var gone = await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await reader.ReadAsync(10, Cancellation));

        Assert.Equal((1, 1, new LogBounds(3, 4)), (gone.Partition, gone.Offset, gone.Bounds));
        Assert.Equal(new LogBounds(3, 4), await log.GetBoundsAsync(1, Cancellation));
        Assert.Equal(["d"], await TestTopic.ReadAll(log, 1));
    }

    [Fact]
    public async Task LatestPartitionCount_WhenTheTopicGrows_ThenItSaysSoAndThePartitionsStay()
    {
        var log = await _topic!.Open(options => options.WatchInterval = TimeSpan.FromMilliseconds(100));

        await _topic.Admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = _topic.Name, IncreaseTo = 6 }]);

        await Eventually.True(() => log.LatestPartitionCount == 6, "the growth is seen");
        Assert.Equal(4, log.PartitionCount);
        Assert.Equal(0, await log.AppendAsync(5, TestTopic.Records("a"), Cancellation));
        Assert.Equal(["a"], await TestTopic.ReadAll(log, 5));
        Assert.Equal(6, (await _topic.Open()).PartitionCount);
    }

    [Fact]
    public async Task LogId_WhenTheTopicIsMadeAnew_ThenItIsAnotherAndTheOpenLogEnds()
    {
        var log = await _topic!.Open(options => options.WatchInterval = TimeSpan.FromMilliseconds(100));
        var id = log.LogId;
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        await using var reader = await log.OpenReaderAsync(0, 0, Cancellation);
        await reader.ReadAsync(10, Cancellation);

        await _topic.Delete();
        var next = await Remade();

        Assert.NotEqual(id, next.LogId);
        await Eventually.True(() => Count(log) is null, "the old log has ended");
        var refusal = await Assert.ThrowsAsync<LogException>(async () => await log.AppendAsync(0, TestTopic.Records("b"), Cancellation));
        Assert.Contains("made again", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LogException>(async () => await reader.ReadAsync(10, Cancellation));
        Assert.Equal(new LogBounds(0, 0), await next.GetBoundsAsync(0, Cancellation));
    }

    /// <summary>A broker is not done with a topic's deletion when it says so, nor with leaders for the new one's partitions.</summary>
    private async Task<KafkaLog> Remade()
    {
        var log = _topic!.Look();
        await Eventually.True(() => Count(log) is not null, "the topic is there again");
        await Eventually.True(() => HasLeader(log), "its first partition has a leader");
        return log;
    }

    private static async Task<bool> HasLeader(KafkaLog log)
    {
        try
        {
            await log.GetBoundsAsync(0, Cancellation);
            return true;
        }
        catch (LogException)
        {
            return false;
        }
    }

    private static int? Count(KafkaLog log)
    {
        try
        {
            return log.PartitionCount;
        }
        catch (LogException)
        {
            return null;
        }
    }
}

using System.Globalization;
using Banking.Servers;
using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Tests.Faults;

/// <summary>A broker that is killed under a log, and comes back with what it had.</summary>
[Collection(RealServers.Killed)]
public sealed class BrokerKillTests : IAsyncLifetime
{
    private const int Writers = 6;

    private ServerStack? _broker;
    private TestTopic? _topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _broker = await RealServers.Mortal("kafka");
        _topic = new TestTopic(_broker.BootstrapServers);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is null) return;
        await _broker.Start("kafka");
        await _topic!.DisposeAsync();
    }

    [Fact]
    public async Task Append_WhenTheBrokerComesBackInTime_ThenEveryAppendIsThereOnceAndInOrder()
    {
        var log = await _topic!.Open();
        var writers = StartWriters(log);
        await Eventually.True(() => writers.All(writer => writer.Acknowledged.Count > 50), "the first appends");

        await _broker!.Kill("kafka");
        await _broker.Start("kafka");
        var enough = writers.Max(writer => writer.Acknowledged.Count) + 50;
        await Eventually.True(() => writers.All(writer => writer.Acknowledged.Count > enough), "the appends after the start");
        await Stop(writers);

        Assert.All(writers, writer => Assert.Empty(writer.Unknown));
        await AssertAllIsThere(log, writers);
    }

    [Fact]
    public async Task Append_WhenTheBrokerIsAwayTooLong_ThenWhatWasAcknowledgedIsThereOnceAndInOrder()
    {
        var log = await _topic!.Open(options => options.AppendTimeout = TimeSpan.FromSeconds(2));
        var writers = StartWriters(log);
        await Eventually.True(() => writers.All(writer => writer.Acknowledged.Count > 50), "the first appends");

        await _broker!.Kill("kafka");
        await Eventually.True(() => writers.All(writer => !writer.Unknown.IsEmpty), "the appends that wait too long");
        await _broker.Start("kafka");
        var enough = writers.Max(writer => writer.Acknowledged.Count) + 50;
        await Eventually.True(() => writers.All(writer => writer.Acknowledged.Count > enough), "the appends after the start");
        await Stop(writers);

        await AssertAllIsThere(log, writers);
    }

    [Fact]
    public async Task Open_WhenTheBrokerIsAway_ThenItSaysSoAndOpensWhenItComes()
    {
        await _broker!.Kill("kafka");
        var log = _topic!.Look(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        var refusal = await Assert.ThrowsAsync<LogException>(async () => await log.OpenAsync(Cancellation));
        Assert.Contains(_topic.BootstrapServers, refusal.Message, StringComparison.Ordinal);
        Assert.Throws<LogException>(() => log.PartitionCount);

        await _broker.Start("kafka");

        await Eventually.True(() => IsOpen(log), "the log is open");
        Assert.Equal(4, log.PartitionCount);
        Assert.Equal(0, await log.AppendAsync(0, TestTopic.Records("a"), Cancellation));
    }

    [Fact]
    public async Task Read_WhenTheBrokerWasKilled_ThenTheReaderGoesOnWhereItWas()
    {
        var log = await _topic!.Open(options => options.RequestTimeout = TimeSpan.FromMinutes(1));
        await log.AppendAsync(0, TestTopic.Records("a", "b"), Cancellation);
        await using var reader = await log.OpenReaderAsync(0, 0, Cancellation);
        Assert.Equal(2, (await TestTopic.Next(reader)).Count);

        await _broker!.Kill("kafka");
        await _broker.Start("kafka");
        await log.AppendAsync(0, TestTopic.Records("c"), Cancellation);

        Assert.Equal(2, Assert.Single(await TestTopic.Next(reader)).Offset);
    }

    private static bool IsOpen(KafkaLog log)
    {
        try
        {
            return log.PartitionCount > 0;
        }
        catch (LogException)
        {
            return false;
        }
    }

    /// <summary>Two on each of three partitions.</summary>
    private static Writer[] StartWriters(KafkaLog log) => [.. Enumerable.Range(0, Writers).Select(id => new Writer(id, log))];

    private static async Task Stop(Writer[] writers)
    {
        foreach (var writer in writers) await writer.DisposeAsync();
    }

    private static async Task AssertAllIsThere(KafkaLog log, Writer[] writers)
    {
        for (var partition = 0; partition < 3; partition++)
        {
            var read = (await TestTopic.ReadAll(log, partition)).Select(value => value.Split(':')).ToArray();
            foreach (var writer in writers.Where(writer => writer.Partition == partition))
            {
                var own = read.Where(value => value[0] == $"{writer.Id}")
                    .Select(value => int.Parse(value[1], CultureInfo.InvariantCulture))
                    .ToArray();
                // What was not acknowledged may be there too, and then at its place.
                var unknown = writer.Unknown.ToHashSet();
                Assert.Equal(writer.Acknowledged, own.Where(number => !unknown.Contains(number)));
                Assert.Equal(own.Distinct().Order(), own);
            }
        }
    }
}

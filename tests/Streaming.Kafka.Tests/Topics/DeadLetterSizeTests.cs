using System.Text;
using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Banking.Streaming.Kafka.Tests.Topics;

/// <summary>A letter can always be written, whatever the record and the topic's own limit are.</summary>
public sealed class DeadLetterSizeTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private TestTopic? _topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Letters => _topic!.Name + ".dead-letters";

    public async ValueTask InitializeAsync() => _topic = new TestTopic(await RealServers.Kafka());

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
    }

    [Theory]
    [InlineData(999_900, 0, 0)]
    [InlineData(1_048_000, 0, 0)]
    [InlineData(500_000, 0, 900_000)]
    [InlineData(10, 999_000, 0)]
    [InlineData(8_000_000, 0, 0)]
    public async Task Append_WhenTheRecordIsAsLargeAsAny_ThenItsLetterIsWritten(int value, int key, int headers)
    {
        var log = await _topic!.Open();

        await log.AppendAsync([Letter(value, key, headers)], Cancellation).AsTask().WaitAsync(Bound, Cancellation);

        var letter = Assert.Single(Read(1));
        Assert.Contains($"of {value} bytes of the value (SHA-256 ", Header(letter, RecordCut.HeaderName), StringComparison.Ordinal);
        Assert.Equal("It can't be read.", Header(letter, "dead-letter-reason"));
        Assert.Equal("7", Header(letter, "dead-letter-offset"));
    }

    [Fact]
    public async Task Append_WhenTheTopicTakesLittle_ThenLettersAreCutToItsLimitAndNoBatchIsAboveIt()
    {
        await _topic!.Admin.CreateTopicsAsync([
            new TopicSpecification { Name = Letters, NumPartitions = 1, Configs = new() { ["max.message.bytes"] = "50000" } },
        ]);
        var log = await _topic.Open();
        DeadLetter[] letters = [.. Enumerable.Range(0, 20).Select(i => Letter(i % 2 == 0 ? 30_000 : 400_000, 0, 0))];

        await log.AppendAsync(letters, Cancellation).AsTask().WaitAsync(Bound, Cancellation);

        var read = Read(20);
        Assert.Equal(10, read.Count(letter => letter.Message.Value.Length == 30_000));
        Assert.Equal(10, read.Count(letter => letter.Message.Headers.Any(header => header.Key == RecordCut.HeaderName)));
    }

    private static DeadLetter Letter(int value, int key, int headers)
    {
        LogHeader[] own = headers == 0 ? [] : [.. Enumerable.Range(0, 100).Select(i => new LogHeader($"h{i}", new byte[headers / 100]))];
        return new DeadLetter(1, new LogRecord(7, 0, new byte[key], new byte[value], own), "It can't be read.");
    }

    private static string Header(ConsumeResult<byte[], byte[]> letter, string name) =>
        Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));

    private List<ConsumeResult<byte[], byte[]>> Read(int count)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = _topic!.BootstrapServers, GroupId = "readers" }).Build();
        consumer.Assign(new TopicPartitionOffset(Letters, 0, Offset.Beginning));
        List<ConsumeResult<byte[], byte[]>> read = [];
        while (read.Count < count) read.Add(consumer.Consume(Bound) ?? throw new TimeoutException("The letters did not come."));
        return read;
    }
}

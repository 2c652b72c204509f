using Banking.Servers;
using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Kafka.Producing;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Tests.Topics;

/// <summary>Topics that take less in a batch than the producer would send.</summary>
public sealed class TopicLimitTests : IAsyncLifetime
{
    private const int Limit = 20_000;

    private TestTopic? _topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _topic = new TestTopic(await RealServers.Kafka());

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
    }

    [Fact]
    public async Task Append_WhenTogetherTheyAreMoreThanTheTopicTakesInABatch_ThenAllAreThereAndTheProducerStays()
    {
        await _topic!.Make(("max.message.bytes", $"{Limit}"));
        var log = await _topic.Open();
        var values = Enumerable.Range(0, 300).Select(i => $"{i}:{new string('x', 1_500)}").ToArray();

        await log.AppendAsync(0, TestTopic.Records(values), Cancellation);

        Assert.Equal(values, await TestTopic.ReadAll(log, 0));
        Assert.Equal(0, _topic.Said.Count("was replaced"));
    }

    [Fact]
    public async Task Append_WhenOneRecordIsAsLargeAsTheTopicTakes_ThenItIsTakenAndOneOfAByteMoreIsRefusedWithTheLimit()
    {
        await _topic!.Make(("max.message.bytes", $"{Limit}"));
        var log = await _topic.Open();
        NewLogRecord[] fits = [OfSize(Limit)];
        NewLogRecord[] tooLarge = [new NewLogRecord("a"u8.ToArray(), "small"u8.ToArray(), []), OfSize(Limit + 1)];

        await log.AppendAsync(0, fits, Cancellation);
        var refusal = await Assert.ThrowsAsync<RecordRefusedException>(async () => await log.AppendAsync(0, tooLarge, Cancellation));

        Assert.Contains(
            $"A record of {Limit + 1} bytes is more than max.message.bytes ({Limit}) of the topic", refusal.Message,
            StringComparison.Ordinal);
        Assert.Equal(new LogBounds(0, 1), await log.GetBoundsAsync(0, Cancellation));
    }

    [Fact]
    public async Task Append_WhenTheLimitIsLoweredMeanwhile_ThenOnlyTheRecordThatIsTooLargeStaysOut()
    {
        var log = await _topic!.Open(options => options.WatchInterval = TimeSpan.FromHours(1));
        await log.AppendAsync(0, TestTopic.Records("first"), Cancellation);
        await _topic.Set("max.message.bytes", $"{Limit}");
        NewLogRecord[] tooLarge = [OfSize(Limit + 1)];
        var others = Enumerable.Range(0, 200).Select(i => $"{i}:{new string('x', 1_500)}").ToArray();

        var poison = RefusedInTheEnd(log, tooLarge);
        foreach (var value in others) await Appended(log, value);
        var refusal = await poison;
        for (var i = 0; i < 50; i++) await Assert.ThrowsAsync<RecordRefusedException>(
            async () => await log.AppendAsync(0, tooLarge, Cancellation));

        Assert.Contains($"{Limit + 1} bytes", refusal.Message, StringComparison.Ordinal);
        var read = await TestTopic.ReadAll(log, 0);
        Assert.Equal(["first", .. others], read.Distinct());
        Assert.InRange(_topic.Said.Count("was replaced"), 0, 3);
    }

    /// <summary>A record that takes so many bytes in a batch of its own.</summary>
    private static NewLogRecord OfSize(int bytes)
    {
        var record = new NewLogRecord("key"u8.ToArray(), new byte[bytes - 200], [new LogHeader("trace", new byte[70])]);
        record = record with { Value = new byte[record.Value.Length + bytes - WireSize.Of(record)] };
        Assert.Equal(bytes, WireSize.Of(record));
        return record;
    }

    /// <summary>Appends it again and again, as an outbox does.</summary>
    private static async Task<RecordRefusedException> RefusedInTheEnd(KafkaLog log, NewLogRecord[] records)
    {
        for (var i = 0; i < 20; i++)
        {
            try
            {
                await log.AppendAsync(0, records, Cancellation);
                Assert.Fail("It was taken.");
            }
            catch (RecordRefusedException refusal)
            {
                return refusal;
            }
            catch (LogException)
            {
                // Not alone yet.
            }
        }

        throw new InvalidOperationException("It was never refused.");
    }

    private static async Task Appended(KafkaLog log, string value)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await log.AppendAsync(0, TestTopic.Records(value), bound.Token);
                return;
            }
            catch (LogException e) when (e is not RecordRefusedException)
            {
                // It was in one batch with the other.
            }
        }
    }
}

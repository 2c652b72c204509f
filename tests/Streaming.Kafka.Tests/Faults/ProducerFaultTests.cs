using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Tests.Faults;

/// <summary>Appends to brokers that answer with errors, late, or not at all.</summary>
public sealed class ProducerFaultTests : IAsyncDisposable
{
    private readonly MockCluster _cluster = new();
    private readonly TestTopic _topic;

    public ProducerFaultTests()
    {
        _topic = new TestTopic(_cluster.BootstrapServers);
        _cluster.CreateTopic(_topic.Name, 4);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _cluster.SetUp();
        await _topic.DisposeAsync();
        _cluster.Dispose();
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderForPartition)]
    [InlineData(ErrorCode.NotEnoughReplicas)]
    [InlineData(ErrorCode.RequestTimedOut)]
    [InlineData(ErrorCode.Local_Transport)]
    public async Task Append_WhenTheErrorPasses_ThenTheRecordsAreThereOnce(ErrorCode error)
    {
        var log = await _topic.Open();
        _cluster.FailNext(KafkaRequest.Produce, error, error);

        await log.AppendAsync(0, TestTopic.Records("a", "b"), Cancellation);
        await log.AppendAsync(0, TestTopic.Records("c"), Cancellation);

        Assert.Equal(["a", "b", "c"], await TestTopic.ReadAll(log, 0));
    }

    [Theory]
    [InlineData(ErrorCode.OutOfOrderSequenceNumber)]
    [InlineData(ErrorCode.TopicAuthorizationFailed)]
    [InlineData(ErrorCode.MsgSizeTooLarge)]
    [InlineData(ErrorCode.InvalidRequiredAcks)]
    public async Task Append_WhenTheErrorIsForGood_ThenItFailsAndTheNextOneIsTaken(ErrorCode error)
    {
        var log = await _topic.Open();
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        _cluster.FailNext(KafkaRequest.Produce, error);

        await Assert.ThrowsAsync<LogException>(async () => await log.AppendAsync(0, TestTopic.Records("b"), Cancellation));
        await Appended(log, "c");

        Assert.Equal(["a", "c"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Append_WhenARecordIsRefusedForGood_ThenItIsTriedAloneAndThenNotSentForAWhile()
    {
        var log = await _topic.Open();
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        _cluster.FailNext(KafkaRequest.Produce, ErrorCode.InvalidRecord, ErrorCode.InvalidRecord);

        var inCompany = await Assert.ThrowsAsync<LogException>(async () => await log.AppendAsync(0, TestTopic.Records("b"), Cancellation));
        var alone = await Assert.ThrowsAsync<RecordRefusedException>(
            async () => await log.AppendAsync(0, TestTopic.Records("b"), Cancellation));
        await Assert.ThrowsAsync<RecordRefusedException>(async () => await log.AppendAsync(0, TestTopic.Records("b"), Cancellation));
        await Appended(log, "c");

        Assert.Contains("tried alone", inCompany.Message, StringComparison.Ordinal);
        Assert.Contains("bytes was refused by the brokers", alone.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "c"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Append_WhenOthersWereInTheRefusedBatch_ThenTheyAreTakenAlone()
    {
        var log = await _topic.Open();
        _cluster.FailNext(KafkaRequest.Produce, ErrorCode.InvalidRecord);

        await Assert.ThrowsAsync<LogException>(async () => await log.AppendAsync(0, TestTopic.Records("a", "b", "c"), Cancellation));
        await log.AppendAsync(0, TestTopic.Records("a", "b", "c"), Cancellation);

        Assert.Equal(["a", "b", "c"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Append_WhenTheTopicTakesNothing_ThenItSaysWhyAndTheProducerIsNotReplacedForEach()
    {
        var log = await _topic.Open();
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        _cluster.FailNext(KafkaRequest.Produce, [.. Enumerable.Repeat(ErrorCode.TopicAuthorizationFailed, 1_000)]);

        for (var i = 0; i < 200; i++)
        {
            var refusal = await Assert.ThrowsAsync<LogException>(
                async () => await log.AppendAsync(0, TestTopic.Records("b"), Cancellation));
            if (i > 0) Assert.Contains("take nothing for the topic", refusal.Message, StringComparison.Ordinal);
        }

        _cluster.FailNoMore(KafkaRequest.Produce);
        await Appended(log, "c");
        Assert.InRange(_topic.Said.Count("was replaced"), 1, 3);
        Assert.Equal(["a", "c"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Append_WhenNoBrokerAnswersInTime_ThenItFailsAndNothingOfItComesAfterLaterOnes()
    {
        var log = await _topic.Open(options => options.AppendTimeout = TimeSpan.FromSeconds(1));
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        _cluster.SetDown();

        var failure = await Assert.ThrowsAsync<LogException>(async () => await log.AppendAsync(0, TestTopic.Records("lost"), Cancellation));
        _cluster.SetUp();
        await Appended(log, "c");

        Assert.Contains("outcome is unknown", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "c"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Append_WhenTooMuchWaits_ThenItIsRefusedAndLaterTakenAgain()
    {
        var log = await _topic.Open(options => options.MaxWaitingBytes = 10_000);
        _cluster.SetRoundTrip(TimeSpan.FromSeconds(1));
        var big = TestTopic.Records(new string('x', 9_000));
        var waiting = log.AppendAsync(0, big, Cancellation).AsTask();

        var refusal = await Assert.ThrowsAsync<LogException>(async () => await log.AppendAsync(1, big, Cancellation));

        Assert.Contains("MaxWaitingBytes", refusal.Message, StringComparison.Ordinal);
        await waiting;
        _cluster.SetRoundTrip(TimeSpan.Zero);
        Assert.Equal(0, await log.AppendAsync(1, big, Cancellation));
    }

    [Fact]
    public async Task Append_WhenOneRecordIsTooLarge_ThenNothingOfItsBatchIsAppended()
    {
        var log = await _topic.Open();

        await Assert.ThrowsAsync<RecordRefusedException>(
            async () => await log.AppendAsync(0, TestTopic.Records("a", new string('x', 1_000_001)), Cancellation));

        Assert.Empty(await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Append_WhenItIsCancelled_ThenTheCallerGoesOnAndTheRecordMayBeThere()
    {
        var log = await _topic.Open();
        _cluster.SetRoundTrip(TimeSpan.FromSeconds(1));
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = log.AppendAsync(0, TestTopic.Records("a"), cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _cluster.SetRoundTrip(TimeSpan.Zero);
        await log.AppendAsync(0, TestTopic.Records("b"), Cancellation);
        Assert.Equal(["a", "b"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Dispose_WhenAppendsWait_ThenTheyFail()
    {
        var log = await _topic.Open();
        _cluster.SetDown();
        var waiting = log.AppendAsync(0, TestTopic.Records("a"), Cancellation).AsTask();

        await log.DisposeAsync();

        await Assert.ThrowsAsync<LogException>(() => waiting);
    }

    /// <summary>The producer is replaced behind the failure: until then an append fails like the one before.</summary>
    private static async Task Appended(KafkaLog log, string value)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (true)
        {
            try
            {
                await log.AppendAsync(0, TestTopic.Records(value), bound.Token);
                return;
            }
            catch (LogException)
            {
                // Not replaced yet.
            }
        }
    }
}

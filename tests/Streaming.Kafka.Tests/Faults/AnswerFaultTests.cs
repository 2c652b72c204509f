using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Tests.Faults;

/// <summary>Reads and questions to brokers that answer with errors, or not at all.</summary>
public sealed class AnswerFaultTests : IAsyncDisposable
{
    private readonly MockCluster _cluster = new();
    private readonly TestTopic _topic;

    public AnswerFaultTests()
    {
        _topic = new TestTopic(_cluster.BootstrapServers);
        _cluster.CreateTopic(_topic.Name, 4);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _topic.DisposeAsync();
        _cluster.Dispose();
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderForPartition)]
    [InlineData(ErrorCode.Local_Transport)]
    public async Task Read_WhenTheErrorPasses_ThenItGoesOnWithoutGap(ErrorCode error)
    {
        var log = await _topic.Open();
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        await using var reader = await log.OpenReaderAsync(0, 0, Cancellation);
        await reader.ReadAsync(10, Cancellation);

        _cluster.FailNext(KafkaRequest.Fetch, error, error);
        await log.AppendAsync(0, TestTopic.Records("b"), Cancellation);

        Assert.Equal(1, Assert.Single(await TestTopic.Next(reader)).Offset);
    }

    [Theory]
    [InlineData(ErrorCode.RequestTimedOut)]
    [InlineData(ErrorCode.TopicAuthorizationFailed)]
    [InlineData(ErrorCode.Unknown)]
    public async Task Read_WhenTheErrorIsNoUsualOne_ThenTheReaderIsToldAndTheNextOneGoesOn(ErrorCode error)
    {
        var log = await _topic.Open();
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        await using (var reader = await log.OpenReaderAsync(0, 0, Cancellation))
        {
            await TestTopic.Next(reader);
            // The mock broker forgets the error of a fetch that was already waiting.
            _cluster.FailNext(KafkaRequest.Fetch, [.. Enumerable.Repeat(error, 10)]);
            await Assert.ThrowsAsync<LogException>(() => TestTopic.Next(reader));
            _cluster.FailNoMore(KafkaRequest.Fetch);
        }

        await log.AppendAsync(0, TestTopic.Records("b"), Cancellation);
        await using var next = await log.OpenReaderAsync(0, 1, Cancellation);
        Assert.Equal(1, Assert.Single(await TestTopic.Next(next)).Offset);
    }

    [Fact]
    public async Task Read_WhenTheOffsetWasTakenAndAnotherReaderOpens_ThenThatOneReads()
    {
        var log = await _topic.Open();
        await log.AppendAsync(0, TestTopic.Records("a", "b", "c"), Cancellation);
        _cluster.DeleteRecords(_topic.Name, 0, 2);
        await using (var gone = await log.OpenReaderAsync(0, 0, Cancellation))
            await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await gone.ReadAsync(10, Cancellation));

        Assert.Equal(["c"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Read_WhenAPartitionFails_ThenItsReaderIsToldAndTheOthersGoOn()
    {
        var log = await _topic.Open();
        await using var failing = await log.OpenReaderAsync(0, 100, Cancellation);
        await using var other = await log.OpenReaderAsync(1, 0, Cancellation);

        await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await failing.ReadAsync(10, Cancellation));
        await log.AppendAsync(1, TestTopic.Records("a"), Cancellation);

        Assert.Single(await TestTopic.Next(other));
    }

    [Fact]
    public async Task Commit_WhenTheErrorPasses_ThenItIsKept()
    {
        var log = await _topic.Open();
        _cluster.FailNext(KafkaRequest.OffsetCommit, ErrorCode.NotCoordinatorForGroup, ErrorCode.GroupLoadInProgress);

        await Committed(log, 3);

        Assert.Equal(3, await log.GetCommittedAsync("group", 0, Cancellation));
    }

    [Fact]
    public async Task Commit_WhenTheGroupIsRefused_ThenItSaysSo()
    {
        var log = await _topic.Open();
        _cluster.FailNext(KafkaRequest.OffsetCommit, ErrorCode.GroupAuthorizationFailed);

        await Assert.ThrowsAsync<LogException>(async () => await log.CommitAsync("group", 0, 3, Cancellation));

        Assert.Null(await log.GetCommittedAsync("group", 0, Cancellation));
    }

    [Fact]
    public async Task Questions_WhenNoBrokerAnswers_ThenTheyFailInTimeAndAreAnsweredLater()
    {
        var log = await _topic.Open(options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        _cluster.SetDown();

        await Assert.ThrowsAsync<LogException>(async () => await log.GetBoundsAsync(0, Cancellation));
        await Assert.ThrowsAsync<LogException>(async () => await log.GetCommittedAsync("group", 0, Cancellation));
        await Assert.ThrowsAsync<LogException>(async () => await log.CommitAsync("group", 0, 1, Cancellation));
        await Assert.ThrowsAsync<LogException>(async () => await log.OpenReaderAsync(0, 0, Cancellation));
        _cluster.SetUp();

        await Committed(log, 1);
        Assert.Equal(1, await Answered(() => log.GetCommittedAsync("group", 0, Cancellation).AsTask()));
        Assert.Equal(new LogBounds(0, 1), await Answered(() => log.GetBoundsAsync(0, Cancellation).AsTask()));
        Assert.Equal(["a"], await Answered(() => TestTopic.ReadAll(log, 0)));
    }

    /// <summary>A client that has lost its connection fails what it is asked until it has another one.</summary>
    private static async Task<T> Answered<T>(Func<Task<T>> question)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (true)
        {
            try
            {
                return await question().WaitAsync(bound.Token);
            }
            catch (LogException)
            {
                // Not there again yet.
            }
        }
    }

    private static Task<bool> Committed(KafkaLog log, long offset) => Answered(async () =>
    {
        await log.CommitAsync("group", 0, offset, Cancellation);
        return true;
    });
}

using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Tests.Topics;

/// <summary>Topics whose settings do not suit a log, from the start or later.</summary>
public sealed class TopicSettingsTests : IAsyncLifetime
{
    private TestTopic? _topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _topic = new TestTopic(await RealServers.Kafka());

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
    }

    [Theory]
    [InlineData("compact")]
    [InlineData("compact,delete")]
    public async Task Open_WhenTheTopicIsCompacted_ThenItSaysSoUntilItIsNoMore(string policy)
    {
        await _topic!.Make(("cleanup.policy", policy));
        var log = _topic.Look(options => options.RequestTimeout = TimeSpan.FromSeconds(2));

        var refusal = await Assert.ThrowsAsync<LogException>(async () => await log.OpenAsync(Cancellation));
        Assert.Contains($"the topic '{_topic.Name}' is compacted", refusal.Message, StringComparison.Ordinal);

        await _topic.Set("cleanup.policy", "delete");
        await Eventually.True(() => Succeeds(() => log.OpenAsync(Cancellation).AsTask()), "the log is open");
        Assert.Equal(0, await log.AppendAsync(0, TestTopic.Records("a"), Cancellation));
    }

    [Fact]
    public async Task Append_WhenACompactedTopicIsAllowed_ThenARecordWithoutKeyIsRefusedAndOthersAreTaken()
    {
        await _topic!.Make(("cleanup.policy", "compact"));
        var log = await _topic.Open(options => options.AllowCompaction = true);

        var refusal = await Assert.ThrowsAsync<RecordRefusedException>(
            async () => await log.AppendAsync(0, TestTopic.Records("a"), Cancellation));
        await log.AppendAsync(0, [new NewLogRecord("key"u8.ToArray(), "b"u8.ToArray(), [])], Cancellation);

        Assert.Contains("has no key", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["b"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Append_WhenTheTopicBecomesCompacted_ThenNothingIsAppendedUntilItIsNoMoreAndReadingGoesOn()
    {
        var log = await _topic!.Open(options => options.WatchInterval = TimeSpan.FromMilliseconds(100));
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);

        await _topic.Set("cleanup.policy", "compact");
        await Eventually.True(() => _topic.Said.Count("Nothing more is appended") == 1, "the change is said");
        var refusal = await Assert.ThrowsAsync<LogException>(async () => await log.AppendAsync(0, TestTopic.Records("b"), Cancellation));
        Assert.Contains("compacted", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], await TestTopic.ReadAll(log, 0));

        await _topic.Set("cleanup.policy", "delete");
        await Eventually.True(
            () => Succeeds(() => log.AppendAsync(0, TestTopic.Records("c"), Cancellation).AsTask()), "it is taken again");
        Assert.Equal(["a", "c"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Append_WhenTheTopicBecameCompactedUnseen_ThenARecordWithoutKeyIsRefusedAloneAndTheProducerIsNotReplacedEachTime()
    {
        var log = await _topic!.Open(options => options.WatchInterval = TimeSpan.FromHours(1));
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        var other = await _topic.Open(options => options.WatchInterval = TimeSpan.FromHours(1));
        await _topic.Set("cleanup.policy", "compact");
        await Eventually.True(
            async () => !await Succeeds(() => other.AppendAsync(1, TestTopic.Records("b"), Cancellation).AsTask()), "the broker refuses");
        NewLogRecord[] keyed = [new("key"u8.ToArray(), "c"u8.ToArray(), [])];

        var refusals = 0;
        for (var i = 0; i < 30; i++)
        {
            var failure = await Assert.ThrowsAnyAsync<LogException>(
                async () => await log.AppendAsync(0, TestTopic.Records("b"), Cancellation));
            if (failure is RecordRefusedException) refusals++;
        }

        await Eventually.True(() => Succeeds(() => log.AppendAsync(0, keyed, Cancellation).AsTask()), "the keyed one is taken");
        Assert.InRange(refusals, 20, 30);
        Assert.InRange(_topic.Said.Count("was replaced"), 0, 2);
        Assert.Equal(["a", "c"], await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Warnings_WhenSettingsPutRecordsAtRisk_ThenTheyAreSaidOnceAndNoMoreWhenMended()
    {
        await _topic!.Make(("unclean.leader.election.enable", "true"));
        var log = await _topic.Open(options => options.WatchInterval = TimeSpan.FromMilliseconds(100));
        Assert.Contains(log.Warnings, warning => warning.Contains("unclean.leader.election.enable", StringComparison.Ordinal));
        Assert.Contains(log.Warnings, warning => warning.Contains("one replica", StringComparison.Ordinal));

        await _topic.Set("unclean.leader.election.enable", "false");

        await Eventually.True(() => log.Warnings.Count == 1, "the change is seen");
        Assert.Equal((1, 1), (_topic.Said.Count("unclean.leader.election.enable"), _topic.Said.Count("one replica")));
    }

    private static async Task<bool> Succeeds(Func<Task> attempt)
    {
        try
        {
            await attempt();
            return true;
        }
        catch (LogException)
        {
            return false;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Banking.Servers;
using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Tests.Faults;

/// <summary>A broker that keeps its connections and answers nothing: each wait ends in time, and afterwards all goes on, in order and
/// without loss.</summary>
[Collection(RealServers.Killed)]
public sealed class SilentBrokerTests
{
    private const int Outboxes = 6;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AppendTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Opening a reader takes two questions; the rest is for a machine that is busy.</summary>
    private static readonly TimeSpan Bound = (RequestTimeout * 2) + TimeSpan.FromSeconds(6);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_WhenTheBrokerStandsStill_ThenEachIsBoundedAndLaterAllGoesOn()
    {
        var broker = await RealServers.Mortal("kafka");
        try
        {
            await Run(broker.BootstrapServers, () => broker.Pause("kafka"), () => broker.Resume("kafka"));
        }
        finally
        {
            await broker.Resume("kafka");
        }
    }

    [Fact]
    public async Task Calls_WhenWhatIsSentIsDropped_ThenEachIsBoundedAndLaterAllGoesOn()
    {
        await using var proxy = new SilentProxy(await RealServers.Kafka());
        await Run(
            proxy.BootstrapServers,
            () =>
            {
                proxy.Silence();
                return Task.CompletedTask;
            },
            () =>
            {
                proxy.Resume();
                return Task.CompletedTask;
            });
    }

    private static async Task Run(string bootstrapServers, Func<Task> silence, Func<Task> resume)
    {
        await using var topic = new TestTopic(bootstrapServers);
        var log = topic.Look(Configure);
        await SucceedAsync("the log is open", () => log.OpenAsync(Cancellation).AsTask());
        var outboxes = Enumerable.Range(0, Outboxes).Select(id => new Outbox(id, log)).ToArray();
        await Eventually.True(() => outboxes.All(outbox => outbox.Acknowledged > 50), "the first appends");
        await SucceedAsync("the first commit", () => log.CommitAsync("group", 0, 1, Cancellation).AsTask());
        await using var reader = await log.OpenReaderAsync(3, 0, Cancellation);
        Assert.Empty(await reader.ReadAsync(10, Cancellation));

        await silence();
        var late = topic.Look(Configure);
        await Task.WhenAll(
            FailsInTime("bounds", async () => await log.GetBoundsAsync(0, Cancellation)),
            FailsInTime("committed", async () => await log.GetCommittedAsync("group", 0, Cancellation)),
            FailsInTime("commit", async () => await log.CommitAsync("group", 0, 2, Cancellation)),
            FailsInTime("reader", async () => await log.OpenReaderAsync(0, 0, Cancellation)),
            FailsInTime("letters", async () => await log.AppendAsync([new DeadLetter(0, default, "It can't be read.")], Cancellation)),
            FailsInTime("open", async () => await late.OpenAsync(Cancellation)));
        await FailsInTime("bounds again", async () => await log.GetBoundsAsync(0, Cancellation));
        await Eventually.True(() => outboxes.All(outbox => outbox.Failures > 0), "the appends that wait too long");
        await Ended(late.DisposeAsync().AsTask(), "closing");

        await resume();
        var enough = outboxes.Max(outbox => outbox.Acknowledged) + 50;
        await Eventually.True(() => outboxes.All(outbox => outbox.Acknowledged > enough), "the appends afterwards");
        foreach (var outbox in outboxes) await outbox.DisposeAsync();
        await SucceedAsync("the commit", () => log.CommitAsync("group", 0, 3, Cancellation).AsTask());
        await SucceedAsync("the bounds", () => log.GetBoundsAsync(0, Cancellation).AsTask());
        await SucceedAsync("another append", () => log.AppendAsync(3, TestTopic.Records("after"), Cancellation).AsTask());
        Assert.Equal(0, Assert.Single(await TestTopic.Next(reader)).Offset);
        var other = await topic.Open();
        Assert.Equal(3, await other.GetCommittedAsync("group", 0, Cancellation));
        await AssertNothingIsMissing(other, outboxes);
    }

    private static void Configure(KafkaLogOptions options) =>
        (options.RequestTimeout, options.AppendTimeout) = (RequestTimeout, AppendTimeout);

    private static async Task FailsInTime(string what, Func<Task> call)
    {
        var taken = Stopwatch.StartNew();
        var ended = Assert.ThrowsAsync<LogException>(call);
        await Ended(ended, what);
        Assert.True(taken.Elapsed < Bound, $"{what} took {taken.Elapsed}");
    }

    private static async Task Ended(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Bound, Cancellation);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Did not end within {Bound}: {what}");
        }
    }

    private static Task SucceedAsync(string what, Func<Task> attempt) => Eventually.True(
        async () =>
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
        },
        what);

    /// <summary>What was sent twice is there twice, maybe late; without the doubles, dropped as the lake drops them, each one's numbers
    /// follow each other.</summary>
    private static async Task AssertNothingIsMissing(KafkaLog log, Outbox[] outboxes)
    {
        for (var partition = 0; partition < 3; partition++)
        {
            var read = (await TestTopic.ReadAll(log, partition)).Select(value => value.Split(':')).ToArray();
            foreach (var outbox in outboxes.Where(outbox => outbox.Partition == partition))
            {
                var next = 0;
                foreach (var value in read.Where(value => value[0] == $"{outbox.Id}"))
                {
                    var number = int.Parse(value[1], CultureInfo.InvariantCulture);
                    Assert.True(number <= next, $"{number} of {outbox.Id} came before {next}");
                    next = Math.Max(next, number + 1);
                }

                Assert.InRange(next, outbox.Acknowledged, outbox.Acknowledged + 1);
            }
        }
    }
}

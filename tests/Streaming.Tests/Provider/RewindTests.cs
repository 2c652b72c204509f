using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;

namespace Banking.Streaming.Tests.Provider;

public abstract class RewindTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    private const int Records = 30_000;

    [Fact]
    public async Task Resume_WhenTheOffsetLeftTheCache_ThenAllFromItOnComesWithoutGap()
    {
        await using var cluster = await Delivered(options => options.CommitMode = CommitMode.Consumer);

        await RestartConsumerAfter(cluster, 9);
        await cluster.Log.AppendAsync(0, [Record], Cancellation);

        await Eventually.True(() => Offsets().Length >= Records + 1 - 10, "the records after offset 9");
        Assert.Equal(Enumerable.Range(10, Records + 1 - 10).Select(i => (long)i), Offsets());
    }

    [Fact]
    public async Task Resume_WhenNothingNewComesButTheConsumerLostWhatItGathered_ThenItIsOfferedAgain()
    {
        await using var cluster = await Delivered(options =>
        {
            options.CommitMode = CommitMode.Consumer;
            options.CommitInterval = TimeSpan.FromMilliseconds(100);
            options.ReofferInterval = TimeSpan.FromMilliseconds(500);
        });

        await RestartConsumerAfter(cluster, Records - 101);

        await Eventually.True(() => Offsets().Length >= 100, "the last 100 records");
        Assert.Equal(Enumerable.Range(Records - 100, 100).Select(i => (long)i), Offsets());
    }

    [Fact]
    public async Task Start_WhenTheGroupIsAtTheEndAndTheConsumerPutsItBack_ThenItGetsTheRecordsThatItLacks()
    {
        var records = Enumerable.Repeat(Record, 100).ToArray();
        await Append(0, records);
        await using (var services = await Log.Open(Cancellation))
            await services.Log().CommitAsync("orleans", 0, records.Length, Cancellation);
        var looks = 0;
        await using var cluster = await StreamCluster.Start(
            Log,
            configure: options =>
            {
                options.CommitMode = CommitMode.Consumer;
                options.CommitInterval = TimeSpan.FromMilliseconds(100);
            },
            looked: partition => looks += partition == 0 ? 1 : 0);
        PartitionResume.StartAfter("0", 39);
        // Its first look is where it begins: the end, and nothing is delivered.
        await Eventually.True(() => looks > 1, "the agent has looked where the group is");

        await cluster.Log.CommitAsync("orleans", 0, 40, Cancellation);

        await Eventually.True(() => Offsets().Length >= 60, "the records that the consumer lacks");
        Assert.Equal(Enumerable.Range(40, 60).Select(i => (long)i), Offsets());
    }

    [Fact]
    public async Task Reoffer_WhenTheConsumerIsAlive_ThenItSeesNothingTwice()
    {
        await using var cluster = await Delivered(options =>
        {
            options.CommitMode = CommitMode.Consumer;
            options.CommitInterval = TimeSpan.FromMilliseconds(20);
            options.ReofferInterval = TimeSpan.FromMilliseconds(50);
        });

        for (var i = 0; i < 5; i++)
        {
            await cluster.Log.AppendAsync(0, [Record], Cancellation);
            await Eventually.True(() => PartitionResume.Records("0").Length >= Records + i + 1, "the new record");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation);
        }

        Assert.Equal(Records + 5, PartitionResume.Records("0").Length);
    }

    [Fact]
    public async Task Start_WhenTheConsumerCommits_ThenTheProviderDoesNot()
    {
        await using var cluster = await Delivered(options =>
        {
            options.CommitMode = CommitMode.Consumer;
            options.CommitInterval = TimeSpan.FromMilliseconds(10);
        });

        Assert.Null(await cluster.Log.GetCommittedAsync("orleans", 0, Cancellation));
    }

    [Fact]
    public async Task Start_WhenTheProviderCommits_ThenTheGroupGetsToTheEnd()
    {
        await using var cluster = await Delivered(options => options.CommitInterval = TimeSpan.FromMilliseconds(10));

        long committed = -1;
        for (var i = 0; i < 1_000 && committed < Records; i++)
        {
            committed = await cluster.Log.GetCommittedAsync("orleans", 0, Cancellation) ?? -1;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }

        Assert.Equal(Records, committed);
    }

    private static NewLogRecord Record => new(default, new byte[20], []);

    private static long[] Offsets() => [.. PartitionResume.Records("0").Select(record => record.Offset)];

    private static async Task RestartConsumerAfter(StreamCluster cluster, long offset)
    {
        PartitionResume.Clear();
        PartitionResume.StartAfter("0", offset);
        await cluster.Cluster.Client.GetGrain<IPartitionConsumer>("0").Deactivate();
    }

    private async Task<StreamCluster> Delivered(Action<LogStreamOptions> configure)
    {
        PartitionResume.Clear();
        var cluster = await Start(silos: 1, options =>
        {
            options.CacheRecords = 2_000;
            configure(options);
        });
        for (var i = 0; i < Records; i += 1_000) await cluster.Log.AppendAsync(0, [.. Enumerable.Repeat(Record, 1_000)], Cancellation);
        await Eventually.True(() => PartitionResume.Records("0").Length >= Records, "all records");
        return cluster;
    }
}

using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Streams.Filtering;

namespace Banking.Streaming.Tests.Provider;

/// <summary>What Orleans promises to whoever uses its own settings: several containers a delivery, filters, tokens in the middle of a
/// container.</summary>
public abstract class DeliveryContractTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(10, 3)]
    public async Task Restart_WhenTheConsumerFailedOnEverything_ThenTheGroupHasPassedNothing(int containers, int records)
    {
        var sighting = Sightings.Of("restart");
        sighting.FailuresLeft = int.MaxValue;
        await using (var failing = await Start(Fast(records), containers))
        {
            await failing.Stream<string>("items", "restart.a").OnNextBatchAsync(Items(0, 10));
            await failing.Stream<string>("items", "witness.a").OnNextAsync("seen");
            await Eventually.True(() => sighting.FailuresLeft < int.MaxValue - 5, "failed deliveries");
            await Eventually.True(() => Sightings.Of("witness").Items.Length == 1, "another stream's item");
        }

        sighting.FailuresLeft = 0;
        await using var healthy = await Start(Fast(records), containers);

        await Eventually.True(() => sighting.Items.Length >= 10, "the ten items after the restart");
        Assert.Equal(Items(0, 10), sighting.Items.Select(item => item.Item));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Skip_WhenOneItemFails_ThenItsNeighboursAreDelivered(int containers)
    {
        var sighting = Sightings.Of("neighbours");
        sighting.FailOn = "item 4";
        await using var cluster = await Start(
            options =>
            {
                Fast(1)(options);
                options.FailurePolicy = FailurePolicy.Skip;
                options.MaxDeliveryTime = TimeSpan.FromMilliseconds(200);
            },
            containers);

        await cluster.Stream<string>("items", "neighbours.a").OnNextBatchAsync(Items(0, 10));
        await Eventually.True(() => sighting.Items.Any(item => item.Item == "item 9"), "the last item");

        Assert.Equal(Items(0, 10).Where(item => item != "item 4"), sighting.Items.Select(item => item.Item).Distinct());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Filter_WhenItRefusesRecords_ThenOnlyTheOthersAreDelivered(int containers)
    {
        var sighting = Sightings.Of("filtered");
        await using var cluster = await StreamCluster.Start(Log, configure: Fast(1_000), silo: silo =>
        {
            silo.Services.Configure<StreamPullingAgentOptions>(StreamCluster.Provider, agent => agent.BatchContainerBatchSize = containers);
            silo.AddStreamFilter<EvenItems>(StreamCluster.Provider);
        });

        await cluster.Stream<string>("items", "filtered.a").OnNextBatchAsync(Items(0, 100));
        await cluster.Stream<string>("items", "filtered.a").OnNextAsync("item 100");

        await Eventually.True(() => sighting.Items.Any(item => item.Item == "item 100"), "the last item");
        Assert.Equal(Items(0, 101).Where(EvenItems.Takes), sighting.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task Filter_WhenItRefusesAllAtTheEnd_ThenTheGroupPassesThem()
    {
        await using var cluster = await StreamCluster.Start(
            Log, configure: Fast(1_000), silo: silo => silo.AddStreamFilter<EvenItems>(StreamCluster.Provider));
        var stream = cluster.Stream<string>("items", "refused.a");
        var partition = Murmur2.Partition(StreamId.Create("items", "refused.a").Key.Span, cluster.Log.PartitionCount);

        await stream.OnNextBatchAsync([.. Items(0, 100).Where(item => !EvenItems.Takes(item))]);

        await Eventually.True(
            async () => await cluster.Log.GetCommittedAsync(
                "orleans", partition, Cancellation) == 50, "the group's offset behind what was refused");
        Assert.Empty(Sightings.Of("refused").Items);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(998)]
    public async Task Resume_WhenAnImplicitConsumerNamesItsLastRecord_ThenTheNextOneIsTheFirst(long token)
    {
        await using var cluster = await StreamCluster.Start(Log, configure: options =>
        {
            options.CommitMode = CommitMode.Consumer;
            options.BatchRecords = 100;
            options.CacheRecords = 200;
        });
        var record = new NewLogRecord(default, new byte[20], []);
        for (var i = 0; i < 10; i++) await cluster.Log.AppendAsync(0, [.. Enumerable.Repeat(record, 100)], Cancellation);
        await Eventually.True(() => PartitionResume.Records("0").Length >= 1_000, "all records");
        PartitionResume.Clear();
        PartitionResume.StartAfter("0", token);

        await cluster.Cluster.Client.GetGrain<IPartitionConsumer>("0").Deactivate();
        await cluster.Log.AppendAsync(0, [record], Cancellation);

        await Eventually.True(() => PartitionResume.Records("0").Any(seen => seen.Offset == 1_000), "the newest record");
        Assert.Equal(
            Enumerable.Range((int)token + 1, 1_000 - (int)token).Select(i => (long)i),
            PartitionResume.Records("0").Select(seen => seen.Offset));
    }

    [Fact]
    public async Task Resume_WhenTheTokenIsNoRecordOfTheStream_ThenItsNextRecordIsNotLost()
    {
        await using var cluster = await Start();
        var other = new LogHeader("orleans-stream", "chat\0other"u8.ToArray());
        await cluster.Log.AppendAsync(
            0, [.. Enumerable.Range(0, 10).Select(i => new NewLogRecord(default, new byte[1], i < 5 ? [other] : []))], Cancellation);
        await Eventually.True(() => PartitionResume.Records("0").Length >= 5, "the partition's own records");
        PartitionResume.Clear();
        PartitionResume.StartAfter("0", 2);

        await cluster.Cluster.Client.GetGrain<IPartitionConsumer>("0").Deactivate();
        await cluster.Log.AppendAsync(0, [new NewLogRecord(default, new byte[1], [])], Cancellation);

        await Eventually.True(() => PartitionResume.Records("0").Any(seen => seen.Offset == 10), "the newest record");
        Assert.Equal([5, 6, 7, 8, 9, 10], PartitionResume.Records("0").Select(seen => seen.Offset));
    }

    private static Action<LogStreamOptions> Fast(int records) => options =>
    {
        options.BatchRecords = records;
        options.CommitInterval = TimeSpan.FromMilliseconds(10);
        options.MaxRetryDelay = TimeSpan.FromMilliseconds(100);
    };

    private Task<StreamCluster> Start(Action<LogStreamOptions> configure, int containers) => StreamCluster.Start(
        Log,
        configure: configure,
        silo: silo => silo.Services.Configure<StreamPullingAgentOptions>(
            StreamCluster.Provider, agent => agent.BatchContainerBatchSize = containers));

    private sealed class EvenItems : IStreamFilter
    {
        public static bool Takes(string item) => (item[^1] - '0') % 2 == 0;

        public bool ShouldDeliver(StreamId streamId, object item, string? filterData) => item is not string text || Takes(text);
    }
}

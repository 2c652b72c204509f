using System.Text;
using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;

namespace Banking.Streaming.Tests.Provider;

public abstract class ImplicitSubscriptionTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    [Fact]
    public async Task OnNext_WhenAGrainIsSubscribed_ThenItGetsEveryItemInOrder()
    {
        await using var cluster = await Start();
        var stream = cluster.Stream<string>("items", "in-order.a");

        for (var i = 0; i < 100; i++) await stream.OnNextAsync($"item {i}");

        var sighting = Sightings.Of("in-order");
        await Eventually.True(() => sighting.Items.Length >= 100, "100 items");
        Assert.Equal(Items(0, 100), sighting.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task OnNextBatch_WhenManyStreamsShareThePartitions_ThenEachGrainGetsItsOwn()
    {
        await using var cluster = await Start(silos: 2);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(key =>
            cluster.Stream<string>("items", $"many.{key}").OnNextBatchAsync(Items(0, 50))));

        var sighting = Sightings.Of("many");
        await Eventually.True(() => sighting.Items.Length >= 1_000, "1,000 items");
        foreach (var stream in sighting.Items.GroupBy(item => item.Stream)) Assert.Equal(Items(0, 50), stream.Select(item => item.Item));
    }

    [Fact]
    public async Task OnNext_WhenTheConsumerWasDeactivated_ThenItGoesOnWithoutGapOrDouble()
    {
        await using var cluster = await Start();
        var stream = cluster.Stream<string>("items", "deactivated.a");
        var sighting = Sightings.Of("deactivated");
        await stream.OnNextBatchAsync(Items(0, 10));
        await Eventually.True(() => sighting.Items.Length == 10, "the first items");

        await cluster.Cluster.Client.GetGrain<IItemConsumer>("deactivated.a").Deactivate();
        await stream.OnNextBatchAsync(Items(10, 10));

        await Eventually.True(() => sighting.Items.Length >= 20, "the items after the deactivation");
        Assert.Equal(Items(0, 20), sighting.Items.Select(item => item.Item));
        Assert.Equal(2, sighting.Activations);
    }

    [Fact]
    public async Task Start_WhenTheClusterWasStopped_ThenWhatCameMeanwhileIsDelivered()
    {
        var sighting = Sightings.Of("restarted");
        await using (var first = await Start())
        {
            await first.Stream<string>("items", "restarted.a").OnNextBatchAsync(Items(0, 10));
            await Eventually.True(() => sighting.Items.Length == 10, "the first items");
        }

        await using var second = await Start();
        await second.Stream<string>("items", "restarted.a").OnNextBatchAsync(Items(10, 10));

        await Eventually.True(() => sighting.Items.Length >= 20, "the later items");
        Assert.Equal(Items(0, 20), sighting.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task OnNext_WhenASiloIsKilled_ThenEveryItemIsDelivered()
    {
        await using var cluster = await Start(silos: 2);
        var sighting = Sightings.Of("killed");
        var streams = Enumerable.Range(0, 8).Select(key => cluster.Stream<string>("items", $"killed.{key}")).ToArray();
        foreach (var stream in streams) await stream.OnNextBatchAsync(Items(0, 20));
        await Eventually.True(() => sighting.Items.Length >= 160, "the first items");

        await cluster.Cluster.KillSiloAsync(cluster.Cluster.SecondarySilos[0], Cancellation);
        foreach (var stream in streams) await stream.OnNextBatchAsync(Items(20, 20));

        await Eventually.True(
            () => sighting.Items.Select(item => (item.Stream, item.Item)).Distinct().Count() == 320, "every item");
    }

    [Fact]
    public async Task Append_WhenARecordIsForeign_ThenThePartitionsStreamGetsIt()
    {
        await using var cluster = await Start();

        await cluster.Log.AppendAsync(2, [new NewLogRecord(default, Encoding.UTF8.GetBytes("{}"), [])], Cancellation);

        await Eventually.True(() => PartitionResume.Records("2").Length == 1, "the record");
        Assert.Equal("{}", Encoding.UTF8.GetString(PartitionResume.Records("2")[0].Value.Span));
    }

    [Fact]
    public async Task Start_WhenTheLogHasRecordsAndTheGroupIsNew_ThenThePartitionIsDeliveredFromItsFirst()
    {
        await Append(0, [.. Enumerable.Repeat(new NewLogRecord(default, new byte[10], []), 5_000)]);

        await using var cluster = await Start(silos: 2);

        await Eventually.True(() => PartitionResume.Records("0").Length >= 5_000, "5,000 records");
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => (long)i), PartitionResume.Records("0").Select(record => record.Offset));
        Assert.True(PartitionResume.Of("0").Length < 20, "5,000 records came in more than 20 batches");
    }
}

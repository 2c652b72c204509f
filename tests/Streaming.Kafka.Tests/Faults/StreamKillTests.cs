using Banking.Streaming.Kafka.Tests.Contract;
using Banking.Streaming.Tests.Provider;

namespace Banking.Streaming.Kafka.Tests.Faults;

/// <summary>Clusters whose broker is away or is killed.</summary>
public sealed class StreamKillTests : StreamTests<MortalTestLog>
{
    [Fact]
    public async Task Start_WhenTheBrokerIsAway_ThenTheStreamsBeginWhenItComes()
    {
        await Log.Broker.Kill("kafka");
        await using var cluster = await StreamCluster.Deploy(Log, silos: 2);

        await Log.Broker.Start("kafka");
        await cluster.Stream<string>("items", "awaited.a").OnNextBatchAsync(Items(0, 10));

        var sighting = Sightings.Of("awaited");
        await Eventually.True(() => sighting.Items.Length >= 10, "10 items");
        Assert.Equal(Items(0, 10), sighting.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task OnNext_WhenTheBrokerIsKilledMeanwhile_ThenEveryItemIsDeliveredInOrder()
    {
        await using var cluster = await Start(silos: 2);
        var streams = Enumerable.Range(0, 8).Select(key => cluster.Stream<string>("items", $"survived.{key}")).ToArray();
        var sighting = Sightings.Of("survived");
        await Task.WhenAll(streams.Select(stream => stream.OnNextBatchAsync(Items(0, 10))));
        await Eventually.True(() => sighting.Items.Length >= 80, "the first items");

        await Log.Broker.Kill("kafka");
        var publishing = Task.WhenAll(streams.Select(stream => stream.OnNextBatchAsync(Items(10, 10))));
        await Log.Broker.Start("kafka");
        await publishing;

        await Eventually.True(() => sighting.Items.Length >= 160, "the items after the start");
        foreach (var stream in sighting.Items.GroupBy(item => item.Stream)) Assert.Equal(Items(0, 20), stream.Select(item => item.Item));
    }
}

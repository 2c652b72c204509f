using Banking.Streaming.Tests.Log;

namespace Banking.Streaming.Tests.Provider;

/// <summary>Grains that produce, and grains that subscribe when they want to.</summary>
public abstract class GrainSubscriptionTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    [Fact]
    public async Task OnNext_WhenGrainsProduce_ThenEachOnesItemsComeInItsOrder()
    {
        await using var cluster = await Start(silos: 2);
        var sighting = Sightings.Of("produced");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(producer =>
            cluster.Cluster.Client.GetGrain<IItemProducer>($"{producer}").Produce(
                "items", $"produced.{producer % 4}", producer * 100, 25)));

        await Eventually.True(() => sighting.Items.Length >= 200, "the items of 8 producers");
        var numbers = sighting.Items.Select(item => (item.Stream, Number: int.Parse(item.Item["item ".Length..], null))).ToArray();
        foreach (var producer in numbers.GroupBy(item => item.Number / 100))
        {
            Assert.Equal(Enumerable.Range(producer.Key * 100, 25), producer.Select(item => item.Number));
            Assert.All(producer, item => Assert.Equal($"produced.{producer.Key % 4}", item.Stream));
        }
    }

    [Fact]
    public async Task Join_WhenTheMemberIsDeactivated_ThenItGoesOnWithoutGapOrDouble()
    {
        await using var cluster = await Start();
        var member = cluster.Cluster.Client.GetGrain<IRoomMember>("rejoined.a");
        var room = cluster.Stream<string>("rooms", "rejoined.a");
        var sighting = Sightings.Of("rejoined");
        await member.Join(null);
        await room.OnNextBatchAsync(Items(0, 10));
        await Eventually.True(() => sighting.Items.Length == 10, "the first items");

        await member.Deactivate();
        await room.OnNextBatchAsync(Items(10, 10));

        await Eventually.True(() => sighting.Items.Length >= 20, "the items after the deactivation");
        Assert.Equal(Items(0, 20), sighting.Items.Select(item => item.Item));
        Assert.Equal(2, sighting.Activations);
    }

    [Fact]
    public async Task Leave_WhenTheMemberJoinsAgainFromWhereItWas_ThenItMissesNothing()
    {
        await using var cluster = await Start();
        var member = cluster.Cluster.Client.GetGrain<IRoomMember>("returned.a");
        var room = cluster.Stream<string>("rooms", "returned.a");
        var sighting = Sightings.Of("returned");
        await member.Join(null);
        await room.OnNextBatchAsync(Items(0, 10));
        await Eventually.True(() => sighting.Items.Length == 10, "the first items");

        await member.Leave();
        await room.OnNextBatchAsync(Items(10, 10));
        await member.Join(sighting.Items[^1].Offset + 1);
        await room.OnNextAsync("item 20");

        await Eventually.True(() => sighting.Items.Length >= 21, "what came meanwhile");
        Assert.Equal(Items(0, 21), sighting.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task Leave_WhenTheMemberIsActivatedAgain_ThenItGetsNothingMore()
    {
        await using var cluster = await Start();
        var member = cluster.Cluster.Client.GetGrain<IRoomMember>("gone.a");
        var room = cluster.Stream<string>("rooms", "gone.a");
        await member.Join(null);
        await room.OnNextAsync("item 0");
        await Eventually.True(() => Sightings.Of("gone").Items.Length == 1, "the first item");

        await member.Leave();
        await member.Deactivate();
        await room.OnNextAsync("item 1");
        await cluster.Stream<string>("items", "witness.a").OnNextAsync("item");

        await Eventually.True(() => Sightings.Of("witness").Items.Length == 1, "another stream's item");
        Assert.Single(Sightings.Of("gone").Items);
    }
}

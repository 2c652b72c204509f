using Banking.Servers;
using Banking.Simulations.Tests.Clusters;
using Banking.Streaming.Kafka.Tests.Brokers;

namespace Banking.Simulations.Tests.Moves;

/// <summary>A consumer that moves between silos loses no event, and at the Parquet end none is there twice.</summary>
public sealed class MoveTests
{
    private const int Partitions = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Partitions_WhenSilosJoinLeaveDieAndStandStill_ThenTheLakeHasEachEventOnce()
    {
        var servers = await RealServers.Kafka();
        await using var topic = new TestTopic(servers);
        var log = await topic.Open(options => options.Partitions = Partitions);
        await using var cluster = new MovingCluster(servers, topic.Name, log);
        await Task.WhenAll(cluster.Start(Token), cluster.Start(Token), cluster.Start(Token));
        var traffic = new Traffic(log, seed: 4711);
        MovingSilo[] dead = [];
        await traffic.During(async () =>
        {
            await JoinLeaveAndDie(cluster);
            dead = await StandStill(cluster);
            await GoOn(dead[0]);
        });
        await cluster.CatchUp("when nothing came any more", Token);
        await GoOn(dead[^1]);
        var ends = await cluster.Ends(Token);
        await Eventually.True(
            async () => Enumerable.SequenceEqual(ends, await cluster.Committed(Token)), "the group stands at the end of the log");

        traffic.AssertIsOnceIn(cluster.Lake);
        Assert.True(traffic.Resent > 0);
    }

    [Fact]
    public async Task Partitions_WhenTheirSiloStandsStillAndGoesOnAfterAnotherCommitted_ThenTheLakeOnHdfsHasEachEventOnce()
    {
        var servers = await RealServers.Kafka();
        await using var folder = new HdfsFolder(await RealServers.WebHdfs(), $"/tests/moves-{Guid.NewGuid():N}");
        await using var topic = new TestTopic(servers);
        var log = await topic.Open(options => options.Partitions = 2);
        await using var cluster = new MovingCluster(servers, topic.Name, log, folder.Root);
        await Task.WhenAll(cluster.Start(Token), cluster.Start(Token), cluster.Start(Token));

        // What is sent again is looked for in the lake's files, which takes its time on HDFS: no backlog that grows with the slowness of
        // the machine.
        var traffic = new Traffic(log, seed: 815, roundsPerSecond: 8);
        await traffic.During(async () =>
        {
            await Eventually.True(() => cluster.Holders().Length > 0, "a silo has a sink");
            await cluster.CatchUp("before one stood still", Token);
            var zombie = cluster.Holders()[0];
            await zombie.Pause(Token);
            await cluster.CatchUp("when one stood still", Token);
            await GoOn(zombie);
        });
        await cluster.CatchUp("when nothing came any more", Token);

        using var copy = new TemporaryFolder();
        await folder.CopyTo(copy.Path, LakeReader.Tables);
        traffic.AssertIsOnceIn(copy.Path);
    }

    private static async Task JoinLeaveAndDie(MovingCluster cluster)
    {
        await cluster.CatchUp("with two silos", Token);
        await cluster.Start(Token);
        await cluster.CatchUp("when a third had joined", Token);

        var exitCode = await cluster.Holders()[0].Stop(Token);
        var fourth = cluster.Start(Token);
        await cluster.CatchUp("when one had left", Token);
        Assert.Equal(0, exitCode);
        await fourth;

        await cluster.Holders()[0].Kill(Token);
        var fifth = cluster.Start(Token);
        await cluster.CatchUp("when one had been killed", Token);
        await fifth;
    }

    /// <summary>
    /// All that have sinks stand still, two at the most, past their death votes: only another one can bring what comes from then on into
    /// the lake.
    /// </summary>
    private static async Task<MovingSilo[]> StandStill(MovingCluster cluster)
    {
        MovingSilo[] still = [.. cluster.Holders().Take(2)];
        var held = still.SelectMany(cluster.PartitionsOf).ToArray();
        await Task.WhenAll(still.Select(silo => silo.Pause(Token)));
        await cluster.CatchUp("when some stood still", Token);
        Assert.Empty(still.SelectMany(cluster.PartitionsOf).Intersect(held));
        return still;
    }

    /// <summary>It goes on with what it had in memory, until it learns that it is dead.</summary>
    private static async Task GoOn(MovingSilo dead)
    {
        if (dead.HasExited) return;
        await dead.Resume(Token);
        Assert.NotEqual(0, await dead.WaitUntilEnded(Token));
    }
}

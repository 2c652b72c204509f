using Banking.Accounts;

namespace Banking.Grains.Tests.Growth;

/// <summary>
/// The log gets more partitions while accounts publish: no event is readable twice, none before an earlier one, and nobody waits.
/// </summary>
public sealed class GrowthTests
{
    /// <summary>In partition 1 of 4, and in 6 of 7.</summary>
    private const string Account = "a";

    [Fact]
    public Task Flush_WhenTheLogIsOpen_ThenThePartitionIsPartOfTheOnlyWrite() => GrowthWorld.Run(async world =>
    {
        var record = await GrowthWorld.Activate(world.Old, Account);

        await world.Act(record, Account);
        await world.Published(record);

        Assert.Equal(1, world.Storage.Writes(Account));
        Assert.Equal(world.Old.Of(Account), world.PartitionOf(Account));
        Assert.Single(world.Log.InPartition(1));
    });

    [Fact]
    public Task Publish_WhenTheLogWasNotOpenAtTheDecision_ThenThePartitionIsDurableBeforeAnythingIsSent() => GrowthWorld.Run(async world =>
    {
        world.Log.IsOpen = false;
        var record = await GrowthWorld.Activate(world.Old, Account);
        await world.Act(record, Account);
        Assert.Null(world.PartitionOf(Account));
        world.Storage.HoldWrites(Account);
        world.Log.IsOpen = true;
        await world.Until(() => world.Storage.IsWaiting(Account));
        Assert.Empty(world.Log.SequencesOf(Account));

        world.Storage.Release(Account);
        await world.Published(record);

        Assert.Equal(2, world.Storage.Writes(Account));
        Assert.Equal(world.Old.Of(Account), world.PartitionOf(Account));
        Assert.Equal([1L], world.Log.SequencesOf(Account));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Publish_WhenTheWriteOfThePartitionFails_ThenNothingIsSentToIt(bool isWritten) => GrowthWorld.Run(async world =>
    {
        world.Log.IsOpen = false;
        var record = await GrowthWorld.Activate(world.Old, Account);
        await world.Act(record, Account);
        world.Storage.FailNextWrite(Account, isWritten ? Cluster.StorageFault.AfterWrite : Cluster.StorageFault.BeforeWrite);
        (world.Log.IsOpen, world.Log.Partitions) = (true, GrowthWorld.NewCount);
        await world.Until(() => record.HasFailed);
        Assert.Empty(world.Log.SequencesOf(Account));

        var next = await GrowthWorld.Activate(world.New, Account);
        await world.Published(next);

        Assert.Equal(isWritten ? world.Old.Of(Account) : world.New.Of(Account), world.PartitionOf(Account));
        Assert.Equal([1L], world.Log.InPartition(world.PartitionOf(Account)!.Number).Select(e => e.SequenceNumber!.Value));
    });

    [Fact]
    public Task Activate_WhenEventsWerePerhapsPublished_ThenTheyGoToTheSamePartitionAgain() => GrowthWorld.Run(async world =>
    {
        var before = await GrowthWorld.Activate(world.Old, Account);
        world.Log.LoseNextReply(Account);
        await world.Act(before, Account);
        await world.Until(() => world.Log.SequencesOf(Account).Count > 0);
        before.Stop();
        world.Log.Partitions = GrowthWorld.NewCount;

        var after = await GrowthWorld.Activate(world.New, Account);
        await world.Published(after);
        await world.Act(after, Account);
        await world.Published(after);

        Assert.Equal([1L, 2L], world.Log.InPartition(1).Select(e => e.SequenceNumber!.Value).Distinct());
        Assert.Empty(world.Log.InPartition(6));
        world.TakeEverything();
        Assert.Equal(2, world.Lake.LastOf(Account));
    });

    [Fact]
    public Task Next_WhenEverythingIsInTheLake_ThenTheNextEventGoesToTheNewPartition() => GrowthWorld.Run(async world =>
    {
        var record = await MovedAside(world);
        Assert.Equal([1L, 2L], world.Log.InPartition(1).Select(e => e.SequenceNumber!.Value));
        world.TakeEverything();
        await world.Until(() => record.Next().Partition == world.New.Of(Account));

        var writes = world.Storage.Writes(Account);
        await world.Act(record, Account);
        await world.Published(record);

        Assert.Equal(writes + 1, world.Storage.Writes(Account));
        Assert.Equal([3L], world.Log.InPartition(6).Select(e => e.SequenceNumber!.Value));
    });

    [Fact]
    public Task Next_WhenTheLakeIsBehind_ThenItStaysAndNobodyWaits() => GrowthWorld.Run(async world =>
    {
        var record = await MovedAside(world);
        world.Lake.Take(1, 1);

        for (var i = 0; i < 20; i++)
        {
            await world.Act(record, Account);
            await world.Published(record);
        }

        Assert.Equal(22, world.Log.InPartition(1).Count);
    });

    [Fact]
    public Task ClearPublished_WhenEverythingIsInTheLake_ThenAnAccountThatRestsMovesToo() => GrowthWorld.Run(async world =>
    {
        var record = await MovedAside(world);
        world.TakeEverything();
        await world.Until(() => record.Next().Partition == world.New.Of(Account));

        await record.ClearPublishedAsync();
        var writes = world.Storage.Writes(Account);
        await record.ClearPublishedAsync();

        Assert.Equal(world.New.Of(Account), world.PartitionOf(Account));
        Assert.Equal(writes, world.Storage.Writes(Account));
    });

    [Fact]
    public Task Next_WhenASiloKnowsOfFewerPartitions_ThenItPublishesWhereTheAccountIs() => GrowthWorld.Run(async world =>
    {
        world.Log.Partitions = GrowthWorld.NewCount;
        world.Old.KnowsOfGrowth = true;
        var first = await GrowthWorld.Activate(world.New, Account);
        await world.Act(first, Account);
        await world.Published(first);
        world.TakeEverything();
        first.Stop();

        var second = await GrowthWorld.Activate(world.Old, Account);
        await world.Act(second, Account);
        await world.Published(second);

        Assert.Equal([1L, 2L], world.Log.InPartition(6).Select(e => e.SequenceNumber!.Value).Distinct());
        Assert.Empty(world.Log.InPartition(1));
    });

    [Fact]
    public Task Activate_WhenAnotherLogTookThePlaceOfItsLog_ThenItBeginsAnewThere() => GrowthWorld.Run(async world =>
    {
        world.Storage.WriteBehind(Account, new AccountState { IsOpen = true, SequenceNumber = 9, Partition = new("gone", 99) });
        var record = await GrowthWorld.Activate(world.Old, Account);

        await world.Act(record, Account);
        await world.Published(record);

        Assert.Equal([10L], world.Log.InPartition(1).Select(e => e.SequenceNumber!.Value));
    });

    // Two events in partition 1; then partitions were added, and the account is active on a silo that knows of them.
    private static async Task<AccountRecord> MovedAside(GrowthWorld world)
    {
        var old = await GrowthWorld.Activate(world.Old, Account);
        await world.Act(old, Account);
        await world.Published(old);
        await old.ClearPublishedAsync();
        old.Stop();
        world.Log.Partitions = GrowthWorld.NewCount;
        var record = await GrowthWorld.Activate(world.New, Account);
        await world.Act(record, Account);
        await world.Published(record);
        return record;
    }
}

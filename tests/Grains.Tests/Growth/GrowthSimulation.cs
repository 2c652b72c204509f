using Banking.Accounts;
using Banking.Grains.Tests.Cluster;

namespace Banking.Grains.Tests.Growth;

/// <summary>
/// Random lives of accounts while partitions are added: activations on either silo and on both at once, failing writes, lost replies,
/// records that arrive late, a lake that follows when it likes. <see cref="LakeModel"/> asserts at every step that each event is readable
/// once and in order.
/// </summary>
public sealed class GrowthSimulation
{
    private static readonly string[] Accounts = ["a", "b", "c", "d", "e"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public Task Simulation_WhenPartitionsAreAdded_ThenEveryEventIsReadableOnceAndInOrder(int seed) => GrowthWorld.Run(async world =>
    {
        var random = new Random(seed);
        var active = new Dictionary<string, List<AccountRecord>>();
        foreach (var account in Accounts) active[account] = [];
        world.Log.IsOpen = seed % 2 == 0;

        for (var step = 0; step < 1_500; step++)
        {
            if (step == 350) world.Log.IsOpen = true;
            if (step == 300) world.Log.Partitions = GrowthWorld.NewCount;
            if (step == 700) world.Old.KnowsOfGrowth = true;
            await Step(world, random, active, Accounts[random.Next(Accounts.Length)], hasNewSilo: step > 300);
        }

        foreach (var account in Accounts) world.Log.SetAway(account, false);
        world.Lake.IsAway = false;
        foreach (var account in Accounts) await Rest(world, account);
    });

    private static async Task Step(
        GrowthWorld world, Random random, Dictionary<string, List<AccountRecord>> active, string account, bool hasNewSilo)
    {
        var records = active[account];
        records.RemoveAll(r => r.HasFailed);
        switch (random.Next(20))
        {
            case 0 when records.Count > 0:
                records[0].Stop();
                records.RemoveAt(0);
                break;
            case 1:
                // Its predecessor lives on: it was not asked to stop, and publishes what it has.
                records.Add(await GrowthWorld.Activate(hasNewSilo && random.Next(3) > 0 ? world.New : world.Old, account));
                if (records.Count > 2) records.RemoveAt(0);
                break;
            case 2:
                world.Storage.FailNextWrite(account, random.Next(2) == 0 ? StorageFault.BeforeWrite : StorageFault.AfterWrite);
                break;
            case 3:
                world.Log.LoseNextReply(account);
                break;
            case 4:
                world.Log.SetAway(account, random.Next(2) == 0);
                break;
            case 5:
                var partition = random.Next(world.Log.Partitions);
                if (world.Log.InPartition(partition) is { Count: > 0 } sent) world.Log.ArriveLate(partition, sent[random.Next(sent.Count)]);
                break;
            case 6:
                world.Lake.IsAway = random.Next(4) == 0;
                break;
            case 7 or 8 or 9:
                world.Lake.Take(random.Next(world.Log.Partitions), random.Next(3) == 0 ? random.Next(3) : int.MaxValue);
                break;
            case 10 or 11 or 12:
                await Pass(world, TimeSpan.FromMilliseconds(random.Next(1, 1_500)));
                break;
            case 13 when records.Count > 0:
                await Tried(records[random.Next(records.Count)].ClearPublishedAsync);
                break;
            default:
                if (records.Count == 0) records.Add(await GrowthWorld.Activate(world.Old, account));
                var record = records[random.Next(records.Count)];
                await Tried(() => world.Act(record, account));
                break;
        }
    }

    private static async Task Tried(Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (AccountReloadException)
        {
            // As a player hears it.
        }
    }

    private static async Task Pass(GrowthWorld world, TimeSpan time)
    {
        for (var i = 0; i < 5; i++)
        {
            world.Clock.Advance(time / 5);
            await Task.Yield();
        }
    }

    private static async Task Rest(GrowthWorld world, string account)
    {
        AccountRecord record;
        do
        {
            record = await GrowthWorld.Activate(world.New, account);
            await Tried(() => world.Act(record, account));
            if (!record.HasFailed) await world.Published(record);
        }
        while (record.HasFailed);
        world.TakeEverything();
        Assert.Equal(record.Durable.SequenceNumber, world.Lake.LastOf(account));

        // Predecessors that live on still publish to the old partition.
        await world.Until(() =>
        {
            world.TakeEverything();
            return record.Next().Partition == world.New.Of(account);
        });
        await record.ClearPublishedAsync();
        await world.Act(record, account);
        await world.Published(record);
        world.TakeEverything();
        Assert.Equal(record.Durable.SequenceNumber, world.Lake.LastOf(account));
        Assert.Equal(world.New.Of(account), world.PartitionOf(account));
    }
}

using Banking.Streaming.Hosting;
using Banking.Streaming.Log;
using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

/// <summary>Offsets at the log's end that are not records.</summary>
public sealed class HolesTests
{
    private static readonly StreamId Own = StreamId.Create("events", "0");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetQueueMessages_WhenTheLogEndsWithHoles_ThenItsEndIsCommittedAndTheLagIsZero()
    {
        var log = LogWithHoles();
        var time = new FakeTimeProvider();
        await using var services = Services(log, time);
        var factory = services.GetRequiredKeyedService<IQueueAdapterFactory>("log");
        var queue = factory.GetStreamQueueMapper().GetAllQueues().Single();
        var cache = (PartitionCache)factory.GetQueueAdapterCache().CreateQueueCache(queue);
        var receiver = (await factory.CreateAdapter(Cancellation)).CreateReceiver(queue);

        for (var round = 0; round < 3; round++)
        {
            cache.AddToCache(await receiver.GetQueueMessagesAsync(10, Cancellation));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((5, 0), (log.Commits[^1], cache.Lag));
    }

    [Fact]
    public void MoveNext_WhenTheCursorReachesTheHoles_ThenItIsDone()
    {
        using var rig = new CacheRig(new LogStreamOptions());
        Append(rig.Log, 3);
        var cursor = rig.Open(Own, null);
        rig.Pump(10);
        rig.Cache.PassHoles(5);

        Assert.Equal(3, rig.Next(cursor)!.Length);
        Assert.Null(rig.Next(cursor));

        Assert.Equal((true, 5), (cursor.IsDrained, rig.Cache.DoneBelow()));
    }

    [Fact]
    public void MoveNext_WhenRecordsFollowTheHoles_ThenTheyAreNotMissed()
    {
        using var rig = new CacheRig(new LogStreamOptions());
        Append(rig.Log, 3);
        var cursor = rig.Open(Own, null);
        rig.Pump(2);
        rig.Next(cursor);
        rig.Next(cursor);
        rig.Cache.PassHoles(2);
        rig.Pump(1);

        Assert.Equal(2, Assert.Single(rig.Next(cursor)!).Offset);
    }

    [Fact]
    public void MoveNext_WhenTheTokenIsAmongTheHolesAndTheGroupIsBehindThem_ThenTheCursorPassesThem()
    {
        using var rig = new CacheRig(new LogStreamOptions());
        Append(rig.Log, 3);
        rig.Log.HolesAtEnd = 2;
        rig.Cache.StartAt(5);
        var cursor = rig.Open(Own, 3);

        Assert.Null(rig.Next(cursor));
        Assert.Single(rig.Cache.TakeWakes());
        Assert.Null(rig.Next(cursor));

        Assert.True(cursor.IsDrained);
    }

    private static MemoryLog LogWithHoles()
    {
        var log = new MemoryLog { HolesAtEnd = 2 };
        Append(log, 3);
        return log;
    }

    private static void Append(MemoryLog log, int records)
    {
        for (var i = 0; i < records; i++) log.Append([]);
    }

    private static ServiceProvider Services(MemoryLog log, TimeProvider time)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSerializer();
        services.AddSingleton(time);
        services.AddKeyedSingleton<IPartitionedLog>("log", log);
        services.AddLogStreams("log", _ => { });
        services.AddKeyedSingleton("log", (provider, _) => LogAdapterFactory.Create(provider, "log"));
        return services.BuildServiceProvider();
    }
}

using System.Collections.Concurrent;
using Banking.Streaming.Tests.Log;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

/// <summary>Subscribers of one stream that stand apart, in the cache and far behind it, and many streams on one partition.</summary>
public abstract class PositionTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    private const int Published = 8_000;

    [Fact]
    public async Task Subscribe_WhenTheTokenIsFarBehindTheCache_ThenAllFromItOnComesWithoutGap()
    {
        await using var cluster = await Start(configure: SmallCache);
        var stream = cluster.Stream<string>("chat", "late");
        var first = await Publish(stream);
        var late = new Observer();

        await stream.SubscribeAsync(late.Take, new EventSequenceTokenV2(first.Offset(3)));
        await stream.OnNextAsync($"item {Published}");

        await Eventually.True(() => late.Count >= Published + 1 - 3, "everything from the token on");
        Assert.Equal(Items(3, Published + 1 - 3), late.Items);
        Assert.Equal(first.Offset(3), late.Offset(0));
    }

    [Fact]
    public async Task Subscribe_WhenSubscribersStandApart_ThenEachGoesOnFromItsOwnPosition()
    {
        await using var cluster = await Start(configure: SmallCache);
        var stream = cluster.Stream<string>("chat", "apart");
        var first = await Publish(stream);
        int[] starts = [0, 1, Published / 2, Published - 10, Published - 1];
        var observers = starts.Select(_ => new Observer()).ToArray();

        for (var i = 0; i < starts.Length; i++) await stream.SubscribeAsync(
            observers[i].Take, new EventSequenceTokenV2(first.Offset(starts[i])));
        await stream.OnNextAsync($"item {Published}");

        for (var i = 0; i < starts.Length; i++)
        {
            var (observer, expected) = (observers[i], Items(starts[i], Published + 1 - starts[i]));
            await Eventually.True(() => observer.Count >= expected.Length, $"what follows item {starts[i]}");
            Assert.Equal(expected, observer.Items);
        }

        await Eventually.True(() => first.Count == Published + 1, "the item of the one that was there");
    }

    [Fact]
    public async Task Resume_WhenATokenOfThePastIsGiven_ThenTheSubscriptionGoesBackToIt()
    {
        await using var cluster = await Start(configure: SmallCache);
        var stream = cluster.Stream<string>("chat", "back");
        var first = await Publish(stream);
        var handle = Assert.Single(await stream.GetAllSubscriptionHandles());
        var again = new Observer();

        await handle.ResumeAsync(again.Take, new EventSequenceTokenV2(first.Offset(100)));
        await stream.OnNextAsync($"item {Published}");

        await Eventually.True(() => again.Count >= Published + 1 - 100, "everything from the token on");
        Assert.Equal(Items(100, Published + 1 - 100), again.Items);
    }

    [Fact]
    public async Task Subscribe_WhenOneSubscriberIsStuck_ThenTheOthersGoOnAndItMissesNothing()
    {
        await using var cluster = await Start(configure: options =>
        {
            SmallCache(options);
            options.MaxRetryDelay = TimeSpan.FromMilliseconds(200);
        });
        var stream = cluster.Stream<string>("chat", "stuck");
        var (stuck, isStuck) = (new Observer(), true);
        await stream.SubscribeAsync((item, token) =>
            Volatile.Read(ref isStuck)
                ? throw new InvalidOperationException("The test wants this delivery to fail.")
                : stuck.Take(item, token));

        var other = await Publish(stream);
        Volatile.Write(ref isStuck, false);

        Assert.Equal(Items(0, Published), other.Items);
        await Eventually.True(() => stuck.Count >= Published, "what the stuck one had before it");
        Assert.Equal(Items(0, Published), stuck.Items);
    }

    [Fact]
    public async Task OnNext_WhenAPartitionHasManyStreams_ThenEachIsInOrder()
    {
        const int Streams = 200;
        await using var cluster = await Start(silos: 2);
        var sighting = Sightings.Of("crowd");
        var random = new Random(5);

        for (var round = 0; round < 10; round++)
        {
            var keys = Enumerable.Range(0, Streams).ToArray();
            random.Shuffle(keys);
            await Task.WhenAll(keys.Select(key => cluster.Stream<string>("items", $"crowd.{key}").OnNextAsync($"item {round}")));
        }

        await Eventually.True(() => sighting.Items.Length >= 10 * Streams, "every stream's items");
        var streams = sighting.Items.GroupBy(item => item.Stream).ToArray();
        Assert.Equal(Streams, streams.Length);
        Assert.All(streams, stream => Assert.Equal(Items(0, 10), stream.Select(item => item.Item)));
    }

    private static void SmallCache(LogStreamOptions options) => (options.BatchRecords, options.CacheRecords) = (200, 1_000);

    /// <summary>Publishes all items, with a subscriber that gets them.</summary>
    private static async Task<Observer> Publish(IAsyncStream<string> stream)
    {
        var observer = new Observer();
        await stream.SubscribeAsync(observer.Take);
        for (var i = 0; i < Published; i += 500) await stream.OnNextBatchAsync(Items(i, 500));
        await Eventually.True(() => observer.Count >= Published, "all items");
        return observer;
    }

    private sealed class Observer
    {
        private readonly ConcurrentQueue<(string Item, long Offset)> _seen = new();

        public int Count => _seen.Count;

        public string[] Items => [.. _seen.Select(seen => seen.Item)];

        public long Offset(int index) => _seen.ElementAt(index).Offset;

        public Task Take(string item, StreamSequenceToken? token)
        {
            _seen.Enqueue((item, token!.SequenceNumber));
            return Task.CompletedTask;
        }
    }
}

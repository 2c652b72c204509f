using System.Collections.Concurrent;
using Banking.Streaming.Tests.Log;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

public abstract class ExplicitSubscriptionTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    private readonly ConcurrentQueue<(string Item, long Offset, object? Context)> _seen = new();

    [Fact]
    public async Task Subscribe_WhenAClientConsumes_ThenItGetsWhatIsPublishedAfterwards()
    {
        await using var cluster = await Start();
        var stream = cluster.Stream<string>("chat", "room");
        await stream.SubscribeAsync(Observe);

        for (var i = 0; i < 20; i++) await stream.OnNextAsync($"item {i}");

        await Eventually.True(() => _seen.Count >= 20, "20 items");
        Assert.Equal(Items(0, 20), _seen.Select(item => item.Item));
    }

    [Fact]
    public async Task Subscribe_WhenATokenIsGiven_ThenItStartsWithThatVeryItem()
    {
        await using var cluster = await Start();
        var stream = cluster.Stream<string>("chat", "rewound");
        var first = await stream.SubscribeAsync(Observe);
        await stream.OnNextBatchAsync(Items(0, 20));
        await Eventually.True(() => _seen.Count == 20, "20 items");
        var fifth = _seen.ElementAt(5).Offset;
        await first.UnsubscribeAsync();
        _seen.Clear();

        await stream.SubscribeAsync(Observe, new EventSequenceTokenV2(fifth));
        await stream.OnNextAsync("item 20");

        await Eventually.True(() => _seen.Count >= 16, "16 items");
        Assert.Equal(Items(5, 16), _seen.Select(item => item.Item));
    }

    [Fact]
    public async Task Unsubscribe_WhenItReturns_ThenOthersStillGetTheirs()
    {
        await using var cluster = await Start();
        var stream = cluster.Stream<string>("chat", "left");
        var other = new ConcurrentQueue<string>();
        var leaving = await stream.SubscribeAsync(Observe);
        await stream.SubscribeAsync((item, _) =>
        {
            other.Enqueue(item);
            return Task.CompletedTask;
        });
        await stream.OnNextAsync("item 0");
        await Eventually.True(() => _seen.Count == 1 && other.Count == 1, "the first item");

        await leaving.UnsubscribeAsync();
        await stream.OnNextAsync("item 1");

        await Eventually.True(() => other.Count == 2, "the second item");
        Assert.Single(_seen);
    }

    [Fact]
    public async Task OnNext_WhenTheProducerHasARequestContext_ThenTheConsumerHasItToo()
    {
        await using var cluster = await Start();
        var stream = cluster.Stream<string>("chat", "context");
        await stream.SubscribeAsync(Observe);

        RequestContext.Set("who", "alice");
        await stream.OnNextAsync("item 0");
        RequestContext.Set("who", "bob");
        await stream.OnNextAsync("item 1");
        RequestContext.Clear();

        await Eventually.True(() => _seen.Count >= 2, "2 items");
        Assert.Equal(["alice", "bob"], _seen.Select(item => item.Context));
    }

    [Fact]
    public async Task OnNext_WhenAPartitionStreamDoesNotExist_ThenTheProducerIsTold()
    {
        await using var cluster = await Start();

        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Stream<string>("events", "99").OnNextAsync("item"));
    }

    private Task Observe(string item, StreamSequenceToken? token)
    {
        _seen.Enqueue((item, token!.SequenceNumber, RequestContext.Get("who")));
        return Task.CompletedTask;
    }
}

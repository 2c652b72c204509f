using System.Text;
using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Banking.Streaming.Tests.Provider;

/// <summary>Records that others wrote, with headers that nobody can read: they are delivered, and nothing waits for them.</summary>
public abstract class StrangerTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    private const int Records = 300;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deliver_WhenARequestContextCannotBeRead_ThenTheRecordComesWithoutIt(bool carries)
    {
        await using var cluster = await Start(configure: options => options.CarryRequestContext = carries);
        var key = "stranger.a";
        await cluster.Stream<string>("items", key).OnNextAsync("before");
        var value = cluster.Cluster.ServiceProvider.GetRequiredService<Serializer>().SerializeToArray<object?>("foreign");
        LogHeader[] headers =
        [
            new("orleans-stream", Encoding.UTF8.GetBytes($"items\0{key}")), new("orleans-request-context", new byte[] { 0xff, 1, 2, 3 }),
        ];

        await cluster.Log.AppendAsync(Partition(cluster, key), [new NewLogRecord(default, value, headers)], Cancellation);
        await cluster.Stream<string>("items", key).OnNextAsync("after");

        var sighting = Sightings.Of("stranger");
        await Eventually.True(() => sighting.Items.Length >= 3, "all items");
        Assert.Equal(["before", "foreign", "after"], sighting.Items.Select(item => item.Item));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Deliver_WhenHeadersAreAnything_ThenTheGroupPassesThem(int seed)
    {
        await using var cluster = await Start(configure: options =>
        {
            options.CommitInterval = TimeSpan.FromMilliseconds(10);
            options.BatchRecords = 20;
        });
        var random = new Random(seed);
        var context = cluster.Cluster.ServiceProvider.GetRequiredService<Serializer>().SerializeToArray(
            new Dictionary<string, object> { ["a"] = "b", ["c"] = 1 });
        NewLogRecord[] records =
            [.. Enumerable.Range(0, Records).Select(_ => new NewLogRecord(default, new byte[3], Headers(random, context)))];

        for (var i = 0; i < Records; i += 50) await cluster.Log.AppendAsync(0, records[i..(i + 50)], Cancellation);

        await Eventually.True(
            async () => await cluster.Log.GetCommittedAsync("orleans", 0, Cancellation) == Records, "the group's offset behind all");
        var seen = PartitionResume.Records("0").Select(record => record.Offset).ToHashSet();
        var unnamed = Enumerable.Range(0, Records).Where(i => !records[i].Headers.Any(header => header.Name == "orleans-stream"))
            .Select(i => (long)i);
        Assert.Empty(unnamed.Except(seen));
    }

    [Fact]
    public async Task Publish_WhenAStreamsNameCouldNotBeReadAgain_ThenItIsRefused()
    {
        await using var cluster = await Start();
        var stream = cluster.Cluster.Client.GetStreamProvider(StreamCluster.Provider).GetStream<string>(
            StreamId.Create("items", new string('k', 5_000)));

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => stream.OnNextAsync("item"));

        Assert.Contains("can't be named in a record", refusal.Message, StringComparison.Ordinal);
    }

    private static int Partition(StreamCluster cluster, string key) =>
        Murmur2.Partition(StreamId.Create("items", key).Key.Span, cluster.Log.PartitionCount);

    private static LogHeader[] Headers(Random random, byte[] context)
    {
        string[] names = ["orleans-request-context", "traceparent", "orleans-stream", "orleans-unknown", ""];
        var count = random.Next(4);
        return [.. Enumerable.Range(0, count).Select(_ => new LogHeader(names[random.Next(names.Length)], Bytes(random, context)))];
    }

    private static byte[] Bytes(Random random, byte[] context)
    {
        switch (random.Next(6))
        {
            case 0: return [];
            case 1: return context[..random.Next(context.Length)];
            case 2:
                var bent = (byte[])context.Clone();
                bent[random.Next(bent.Length)] = (byte)random.Next(256);
                return bent;
            case 3: return Encoding.UTF8.GetBytes($"events\0{random.Next(100)}");
            case 4: return Encoding.UTF8.GetBytes($"nobody\0{random.Next(5)}");
            default:
                var bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                return bytes;
        }
    }
}

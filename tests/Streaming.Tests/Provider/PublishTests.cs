using Banking.Streaming.Log;
using Banking.Streaming.Provider;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

public abstract class PublishTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    [Fact]
    public async Task OnNextBatch_WhenOneRecordIsTooLarge_ThenItIsRefusedAndNothingIsAppended()
    {
        await using var cluster = await Start(configure: options => options.MaxRecordBytes = 1_000);
        var stream = cluster.Stream<string>("items", "large.a");

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => stream.OnNextBatchAsync(["small", new string('x', 1_001)]));

        Assert.Contains("MaxRecordBytes", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Appended(cluster));
        await stream.OnNextBatchAsync(["small", new string('x', 900)]);
        Assert.Equal(2, await Appended(cluster));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OnNext_WhenNobodyAwaitsAndTheLogOpensLate_ThenTheOrderOfTheCallsIsKept(bool afterwards)
    {
        const int Calls = 20_000;
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cluster = await StreamCluster.Deploy(Log, configure: StartAtOnce, opened: opened.Task);
        var stream = cluster.Stream<string>("chat", "unawaited");
        var calls = new Task[Calls];

        for (var i = 0; i < Calls; i++)
        {
            if (i == Calls / 2 && afterwards) opened.SetResult();
            calls[i] = stream.OnNextAsync($"item {i}");
        }

        opened.TrySetResult();
        await Task.WhenAll(calls);

        var seen = await Published(cluster, StreamId.Create("chat", "unawaited"));
        Assert.Equal(Items(0, Calls), seen);
    }

    [Fact]
    public async Task Start_WhenTheAdapterIsMade_ThenItsQueuesAreKnown()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cluster = await StreamCluster.Deploy(Log, configure: StartAtOnce, opened: opened.Task);
        var factory = Factory(cluster, wait: TimeSpan.FromMinutes(1));

        var making = factory.CreateAdapter(Cancellation);
        Assert.False(making.IsCompleted);
        opened.SetResult();
        await making;

        Assert.Equal(4, factory.GetStreamQueueMapper().GetAllQueues().Count());
    }

    [Fact]
    public async Task Start_WhenTheLogDoesNotOpen_ThenTheAdapterWaitsNoLongerThanItMay()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cluster = await StreamCluster.Deploy(Log, configure: StartAtOnce, opened: opened.Task);
        var factory = Factory(cluster, wait: TimeSpan.FromMilliseconds(50));

        await factory.CreateAdapter(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);

        var sentence = Assert.Throws<LogException>(() => factory.GetStreamQueueMapper().GetAllQueues().Count());
        Assert.Contains("not open", sentence.Message, StringComparison.Ordinal);
        opened.SetResult();
        await Eventually.True(async () => await Pulled(cluster), "the silo pulls the partitions once the log is open");
    }

    private static void StartAtOnce(LogStreamOptions options) => options.OpenTimeout = TimeSpan.Zero;

    /// <summary>The client's own provider once more, with a wait of its own.</summary>
    private static IQueueAdapterFactory Factory(StreamCluster cluster, TimeSpan wait)
    {
        var services = cluster.Cluster.ServiceProvider;
        services.GetRequiredService<IOptionsMonitor<LogStreamOptions>>().Get(StreamCluster.Provider).OpenTimeout = wait;
        return services.GetRequiredKeyedService<IQueueAdapterFactory>(StreamCluster.Provider);
    }

    private static async Task<bool> Pulled(StreamCluster cluster)
    {
        await cluster.Stream<string>("items", "pulled.a").OnNextAsync("item");
        return Sightings.Of("pulled").Items.Length > 0;
    }

    private static async Task<string[]> Published(StreamCluster cluster, StreamId stream)
    {
        var codec = new SerializerCodec(cluster.Cluster.ServiceProvider.GetRequiredService<Serializer>());
        var partition = Murmur2.Partition(stream.Key.Span, cluster.Log.PartitionCount);
        var bounds = await cluster.Log.GetBoundsAsync(partition, Cancellation);
        await using var reader = await cluster.Log.OpenReaderAsync(partition, bounds.First, Cancellation);
        List<string> items = [];
        while (await reader.ReadAsync(1_000, Cancellation) is { Count: > 0 } records)
            items.AddRange(records.Select(record => codec.Decode<string>(stream, record)));
        return [.. items];
    }

    private static async Task<long> Appended(StreamCluster cluster)
    {
        var records = 0L;
        for (var partition = 0; partition < cluster.Log.PartitionCount; partition++)
            records += (await cluster.Log.GetBoundsAsync(partition, Cancellation)).Next;
        return records;
    }
}

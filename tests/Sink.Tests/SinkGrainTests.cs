using Banking.Lake;
using Banking.Sink.Hosting;
using Banking.Sink.Tests.Support;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Banking.Sink.Tests;

/// <summary>The grain in a silo, with streams in memory in the place of the log's provider.</summary>
public sealed class SinkGrainTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly MemoryLog _log = new();
    private readonly DuckLake _lake;
    private InProcessTestCluster? _cluster;

    public SinkGrainTests() => _lake = new DuckLake(_folder.Path);

    private ISinkGrain Grain => _cluster!.Client.GetGrain<ISinkGrain>("0");

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryStreams("events").AddMemoryGrainStorage("PubSubStore");
            silo.Services.AddKeyedSingleton<IPartitionedLog>("events", _log);
            silo.Services.AddLakeSink(options => options.Root = _folder.Path);
        });
        builder.ConfigureClient(client => client.AddMemoryStreams("events"));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        _lake.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Flush_WhenTheStreamDeliversBatches_ThenTheirRowsAreInTheLake()
    {
        for (var i = 1; i <= 30; i++) _log.Add(Json.Deposit("a", i), Json.Noon);
        var flush = Grain.Flush(29);

        await PublishAsync(_log.Batch(0, 30));
        await flush;

        Assert.Equal(30, _lake.Count("cash_transactions"));
    }

    [Fact]
    public async Task StopAsync_WhenRowsWait_ThenTheyAreCommitted()
    {
        for (var i = 1; i <= 30; i++) _log.Add(Json.Deposit("a", i), Json.Noon);
        await PublishAsync(_log.Batch(0, 20));
        await Grain.Flush(19);
        await PublishAsync(_log.Batch(20, 10));
        await WaitForAsync(async () => (await Grain.GetStatus()).NextOffset == 30);

        await _cluster!.StopAllSilosAsync(TestContext.Current.CancellationToken);

        Assert.Equal((30, 30), (_lake.Count("cash_transactions"), _log.Committed));
    }

    [Fact]
    public async Task GetStatus_WhenTheLogLosesItsEndAndGrowsAgain_ThenRefusesAndStaysSoUntilTheRightOneIsBack()
    {
        for (var i = 1; i <= 5; i++) _log.Add(Json.Deposit("a", i), Json.Noon);
        await PublishAsync(_log.Batch(0, 5));
        await Grain.Flush(4);
        var right = _log.Records;

        _log.Replace(right.Take(3));
        for (var i = 0; i < 5; i++) _log.Add(Json.Inquiry(), Json.Noon + 1);
        await PublishAsync(_log.Batch(0, 8));
        await WaitForAsync(async () => (await Grain.GetStatus()).Refusal?.Contains("has another one", StringComparison.Ordinal) == true);
        await Assert.ThrowsAnyAsync<Exception>(() => Grain.Flush(7));
        Assert.Equal(0, _lake.Count("asset_prices"));
        _log.Replace(right);

        await WaitForAsync(async () => await Grain.GetStatus() is { Refusal: null, Failure: null, NextOffset: 5 });
    }

    [Fact]
    public async Task GetStatus_WhenThePartitionCannotBeOpenedYet_ThenSaysWhyUntilItIsOpenByItself()
    {
        await _cluster!.DisposeAsync();
        _log.IsAway = true;
        await InitializeAsync();
        await WaitForAsync(async () => (await Grain.GetStatus()).Failure?.EndsWith("The log is away.", StringComparison.Ordinal) == true);

        _log.IsAway = false;

        await WaitForAsync(async () => (await Grain.GetStatus()).Failure is null);
        for (var i = 1; i <= 3; i++) _log.Add(Json.Deposit("a", i), Json.Noon);
        await PublishAsync(_log.Batch(0, 3));
        await Grain.Flush(2);
        Assert.Equal(3, _lake.Count("cash_transactions"));
    }

    private Task PublishAsync(LogRecordBatch batch)
    {
        var provider = _cluster!.Client.ServiceProvider.GetRequiredKeyedService<Orleans.Streams.IStreamProvider>("events");
        return provider.GetStream<LogRecordBatch>(StreamId.Create(EventsStream.Namespace, "0")).OnNextAsync(batch);
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }
}

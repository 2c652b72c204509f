using Banking.Lake;
using Banking.Lake.Catalog;
using Banking.Sink.Hosting;
using Banking.Sink.Settings;
using Banking.Sink.Tests.Support;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Banking.Sink.Tests.Catalog;

/// <summary>Sinks and catalog in a silo, with a metastore that does as it likes.</summary>
public sealed class CatalogGrainTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly MemoryLog _log = new();
    private readonly MemoryCatalog _catalog = new();
    private readonly DuckLake _lake;
    private InProcessTestCluster? _cluster;

    public CatalogGrainTests() => _lake = new DuckLake(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ISinkGrain Sink => _cluster!.Client.GetGrain<ISinkGrain>("0");

    private ICatalogGrain Catalog => _cluster!.Client.GetGrain<ICatalogGrain>(ICatalogGrain.Key);

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "account_status", "dt=2026-11-20"));
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryStreams("events").AddMemoryGrainStorage("PubSubStore");
            silo.Services.AddKeyedSingleton<IPartitionedLog>("events", _log);
            silo.Services.AddSingleton<ILakeCatalog>(_catalog);
            silo.Services.AddLakeSink(options =>
            {
                options.Root = _folder.Path;
                options.Hive = new HiveOptions { Metastore = "thrift://nowhere:9083" };
            });
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
    public Task Silo_WhenNobodyCommits_ThenTheLakesDaysAreRegistered() =>
        Eventually.True(() => Seen.Contains("account_status/dt=2026-11-20"), "the day is registered");

    [Fact]
    public async Task Sink_WhenItCommitsANewDay_ThenTheDayIsRegistered()
    {
        await Eventually.True(() => Seen.Contains("account_status/dt=2026-11-20"), "the first pass is over");

        await CommitAsync(30);

        await Eventually.True(() => Seen.Contains("cash_transactions/dt=2026-11-23"), "the day is registered");
    }

    [Fact]
    public async Task Sink_WhenTheMetastoreHangs_ThenCommitsAllTheSameAndTheDayIsRegisteredLater()
    {
        var gate = new TaskCompletionSource();
        _catalog.Gate = gate.Task;

        await CommitAsync(30);

        Assert.Equal(30, _lake.Count("cash_transactions"));
        Assert.DoesNotContain("cash_transactions/dt=2026-11-23", Seen);
        gate.SetResult();
        await Eventually.True(() => Seen.Contains("cash_transactions/dt=2026-11-23"), "the day is registered");
    }

    [Fact]
    public async Task Flush_WhenTheMetastoreIsAway_ThenSaysSoAndWhatIsMissing()
    {
        _catalog.Failure = new IOException("away");
        await CommitAsync(10);

        var problem = await Catalog.Flush();

        Assert.Contains("away. Not known to be registered: ", problem, StringComparison.Ordinal);
        Assert.EndsWith("cash_transactions of 2026-11-23.", problem, StringComparison.Ordinal);
        Assert.EndsWith("away.", (await Catalog.GetStatus()).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopAsync_WhenTheMetastoreHangs_ThenTheSiloDoesNotWaitForIt()
    {
        _catalog.Gate = new TaskCompletionSource().Task;
        var flush = Catalog.Flush();
        await Eventually.True(() => _catalog.Calls > 0, "the metastore is asked");

        await _cluster!.StopAllSilosAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Token);

        await Assert.ThrowsAnyAsync<Exception>(() => flush);
    }

    private HashSet<string> Seen => [.. _catalog.Partitions];

    private async Task CommitAsync(int events)
    {
        for (var i = 1; i <= events; i++) _log.Add(Json.Deposit("a", i), Json.Noon);
        var flush = Sink.Flush(events - 1);
        var provider = _cluster!.Client.ServiceProvider.GetRequiredKeyedService<Orleans.Streams.IStreamProvider>("events");
        await provider.GetStream<LogRecordBatch>(StreamId.Create(EventsStream.Namespace, "0")).OnNextAsync(_log.Batch(0, events));
        await flush;
    }
}

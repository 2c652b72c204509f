using Banking.Lake;
using Banking.Lake.Catalog;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Sink.Compaction;
using Banking.Sink.Hosting;
using Banking.Sink.Settings;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.TestingHost;

namespace Banking.Sink.Tests.Compaction;

/// <summary>Compaction in a silo: by order and by schedule, and late files through the catalog's grain.</summary>
public sealed class CompactionGrainTests : IAsyncDisposable
{
    private readonly CompactionLake _lake = new();
    private readonly LaterTime _time = new();
    private InProcessTestCluster? _cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ICompactionGrain Compaction => _cluster!.Client.GetGrain<ICompactionGrain>(ICompactionGrain.Key);

    private ICatalogGrain Catalog => _cluster!.Client.GetGrain<ICatalogGrain>(ICatalogGrain.Key);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _lake.Dispose();
    }

    [Fact]
    public async Task Start_WhenAskedTo_ThenCompactsClosedDaysAndSaysWhatItDid()
    {
        await StartAsync(TimeSpan.Zero);
        await _lake.AddFilesAsync(5);

        Assert.NotNull(await Compaction.Start(new CompactionOrder(null, null)));
        var status = await EndAsync();

        Assert.Equal(
            (CompactionState.Done, 1, 5, 1, 15L), (status.State, status.DaysSwitched, status.FilesBefore, status.FilesAfter, status.Rows));
        Assert.Equal(15, (await _lake.VisibleAsync()).Count);
        Assert.StartsWith("compacted/", await _lake.FolderAsync(), StringComparison.Ordinal);
        Assert.NotNull(await Compaction.Start(new CompactionOrder(null, null)));
        Assert.Equal((CompactionState.Done, 0), ((await EndAsync()).State, (await EndAsync()).DaysSwitched));
    }

    [Fact]
    public async Task Start_WhenOrderedForOtherTablesOrDays_ThenLeavesTheRest()
    {
        await StartAsync(TimeSpan.Zero);
        await _lake.AddFilesAsync(3);

        await Compaction.Start(new CompactionOrder("asset_prices", null));
        Assert.Equal(0, (await EndAsync()).Days);
        await Compaction.Start(new CompactionOrder(null, CompactionLake.Day.AddDays(-1)));
        Assert.Equal(0, (await EndAsync()).Days);
        await Compaction.Start(new CompactionOrder(CompactionLake.Table.Name, CompactionLake.Day));
        Assert.Equal(1, (await EndAsync()).DaysSwitched);
    }

    [Fact]
    public async Task Schedule_WhenADayHasManySmallFiles_ThenItIsCompacted()
    {
        await _lake.AddFilesAsync(8);
        await StartAsync(TimeSpan.FromSeconds(1));

        await Compaction.GetStatus();

        await Eventually.True(
            async () => (await _lake.FolderAsync()).StartsWith("compacted/", StringComparison.Ordinal), "the day is compacted");
        Assert.Equal(24, (await _lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Flush_WhenALateFileCame_ThenQueriesSeeIt()
    {
        await StartAsync(TimeSpan.Zero);
        await _lake.AddFilesAsync(3);
        await Compaction.Start(new CompactionOrder(null, null));
        await EndAsync();
        await _lake.AddFilesAsync(1);

        Assert.Null(await Catalog.Flush());

        Assert.Equal(12, (await _lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Announce_WhenALateFileCame_ThenQueriesSeeItSoon()
    {
        await StartAsync(TimeSpan.Zero);
        await _lake.AddFilesAsync(3);
        await Compaction.Start(new CompactionOrder(null, null));
        await EndAsync();
        Assert.Null(await Catalog.Flush());
        await _lake.AddFilesAsync(1);

        await Catalog.Announce([new LakeDay(CompactionLake.Table.Name, CompactionLake.Day)]);

        await Eventually.True(async () => (await _lake.VisibleAsync()).Count == 12, "the late file is visible");
    }

    [Fact]
    public async Task Start_WhenTheCatalogIsAway_ThenEndsWithASentenceAndTheNextOneGoesOn()
    {
        await StartAsync(TimeSpan.Zero);
        await _lake.AddFilesAsync(3);
        _lake.Catalog.Failure = new IOException("The metastore is away.");
        await Compaction.Start(new CompactionOrder(null, null));
        var failed = await EndAsync();

        _lake.Catalog.Failure = null;
        await Compaction.Start(new CompactionOrder(null, null));

        Assert.Equal((CompactionState.Failed, "The metastore is away."), (failed.State, failed.Failure));
        Assert.Equal(1, (await EndAsync()).DaysSwitched);
        Assert.Equal(9, (await _lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Start_WhenTheTableIsSomebodyElses_ThenItIsLeftAloneAndSaidWhy()
    {
        await _lake.AddFilesAsync(3);
        _lake.Catalog.Foreign.Add(CompactionLake.Table.Name);
        await StartAsync(TimeSpan.Zero);

        await Compaction.Start(new CompactionOrder(null, null));

        Assert.Equal(["The table cash_transactions is not the lake's."], (await EndAsync()).Skipped);
        Assert.Equal(LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day), await _lake.FolderAsync());
    }

    [Fact]
    public async Task Switch_WhenACallerNamesAFolder_ThenItIsRefusedAndNothingGoes()
    {
        await StartAsync(TimeSpan.Zero);
        await _lake.AddFilesAsync(3);
        var own = LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day);
        foreach (var folder in new[] { own, "../" + Path.GetFileName(_lake.Sink.Root), _lake.Sink.Root })
        {
            var manifest = new DayManifest(7, folder, 0, new Dictionary<string, long>(), [], DateTimeOffset.UnixEpoch);

            Assert.StartsWith(
                "A day is switched by the number of its draft only", await Catalog.Switch(
                    new LakeDay(CompactionLake.Table.Name, CompactionLake.Day), 6, manifest.Encode()), StringComparison.Ordinal);
        }

        Assert.Equal(9, (await _lake.VisibleAsync()).Count);
        Assert.Equal(own, await _lake.FolderAsync());
    }

    [Fact]
    public async Task SwitchDraft_WhenTheNumbersAreOfNoDraft_ThenItIsRefusedAndNothingGoes()
    {
        await StartAsync(TimeSpan.Zero);
        await _lake.AddFilesAsync(3);
        var first = (await _lake.MergeAsync())!;
        Assert.Null(await SwitchAsync(CompactionLake.Table.Name, 0, first.Id));
        await _lake.AddFilesAsync(1);
        var second = (await _lake.MergeAsync())!;
        Assert.Null(await SwitchAsync(CompactionLake.Table.Name, 1, second.Id));
        Assert.Null(await SwitchAsync(CompactionLake.Table.Name, 1, second.Id));

        Assert.Equal("There is no table '../x' in the lake.", await SwitchAsync("../x", 0, first.Id));
        Assert.Equal("There is no generation -1.", await SwitchAsync(CompactionLake.Table.Name, -1, first.Id));
        Assert.Contains(
            "There is no draft compacted/", await SwitchAsync(CompactionLake.Table.Name, 2, Guid.NewGuid()), StringComparison.Ordinal);
        Assert.Contains("was first", await SwitchAsync(CompactionLake.Table.Name, 0, first.Id), StringComparison.Ordinal);

        // The folder that queries of before the switch still read.
        Assert.Equal(9, (await _lake.OffsetsAsync(first.Manifest.Folder)).Count);
        Assert.Equal(12, (await _lake.VisibleAsync()).Count);

        Task<string?> SwitchAsync(string table, long basis, Guid id) => Catalog.SwitchDraft(
            new LakeDay(table, CompactionLake.Day), basis, id);
    }

    [Fact]
    public async Task Announce_WhenTheTableIsNone_ThenItIsIgnored()
    {
        await StartAsync(TimeSpan.Zero);
        Assert.Null(await Catalog.Flush());

        await Catalog.Announce([new LakeDay("../x", CompactionLake.Day), new LakeDay("none", CompactionLake.Day)]);

        Assert.Equal(0, (await Catalog.GetStatus()).Pending);
    }

    [Fact]
    public async Task Schedule_WhenTheClockStepsForwardAndBack_ThenItGoesOnAndDoesNotTouchToday()
    {
        await _lake.AddFilesAsync(8);
        _time.Ahead = CompactionLake.Day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddHours(1) - TimeProvider.System.GetUtcNow();
        await StartAsync(TimeSpan.FromSeconds(1));
        await Compaction.GetStatus();
        await Eventually.True(
            async () => (await Compaction.GetStatus()).State == CompactionState.Done, "a first compaction has ended");

        _time.Ahead += TimeSpan.FromDays(30);
        var id = (await Compaction.GetStatus()).Id;
        await Eventually.True(
            async () => (await Compaction.GetStatus()) is { State: CompactionState.Done } now && now.Id != id,
            "another compaction has ended");
        Assert.Equal(LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day), await _lake.FolderAsync());
        _time.Ahead -= TimeSpan.FromDays(30);
        id = (await Compaction.GetStatus()).Id;

        await Eventually.True(
            async () => (await Compaction.GetStatus()) is { State: CompactionState.Done } now && now.Id != id, "the schedule goes on");
    }

    [Fact]
    public async Task StopAsync_WhenACompactionIsUnderWay_ThenTheSiloDoesNotWaitForIt()
    {
        await StartAsync(TimeSpan.Zero);
        await _lake.AddFilesAsync(3);
        _lake.Catalog.Gate = new TaskCompletionSource().Task;
        await Compaction.Start(new CompactionOrder(null, null));
        Assert.Null(await Compaction.Start(new CompactionOrder(null, null)));
        await Eventually.True(
            async () => (await Compaction.GetStatus()).Now == "cash_transactions of 2026-11-23", "the day is being compacted");

        await _cluster!.StopAllSilosAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Token);

        Assert.Equal(9, (await _lake.VisibleByManifestAsync()).Count);
    }

    private async Task<CompactionStatus> EndAsync()
    {
        await Eventually.True(
            async () => (await Compaction.GetStatus()).State is CompactionState.Done or CompactionState.Failed, "the compaction has ended");
        return await Compaction.GetStatus();
    }

    [Fact]
    public async Task Schedule_WhenThereIsNoMetastore_ThenADayIsCompactedAndAFlushBringsLateFiles()
    {
        _lake.HasCatalog = false;
        await _lake.AddFilesAsync(8, registers: false);
        await StartAsync(TimeSpan.FromSeconds(1));

        await Compaction.GetStatus();

        await Eventually.True(
            async () => await _lake.Manifests.NewestAsync(CompactionLake.Table, CompactionLake.Day, Token) is not null,
            "the day is compacted");
        Assert.Equal(24, (await _lake.VisibleByManifestAsync()).Count);
        await _lake.AddFilesAsync(1, registers: false);
        Assert.Null(await Catalog.Flush());
        Assert.Equal(27, (await _lake.VisibleByManifestAsync()).Count);
        var status = await Catalog.GetStatus();
        Assert.Equal((0, 0, null, 0), (status.Registered, status.Pending, status.Failure, status.Refusals.Count));
        Assert.Empty(_lake.Catalog.Partitions);
    }

    private async Task StartAsync(TimeSpan every)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryStreams("events").AddMemoryGrainStorage("PubSubStore");
            silo.Services.AddKeyedSingleton<IPartitionedLog>("events", _lake.Sink.Log);
            silo.Services.AddSingleton<ILakeCatalog>(_lake.Catalog);
            silo.Services.AddSingleton(provider => new CompactionServices(
                _lake.Sink.Store,
                _lake.HasCatalog ? _lake.Catalog : null,
                provider.GetRequiredService<IDaySwitch>(),
                provider.GetRequiredService<ParquetEncoder>(),
                provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value.Compaction,
                _time,
                provider.GetRequiredService<ILogger<CompactionRound>>()));
            silo.Services.AddLakeSink(options =>
            {
                options.Root = _lake.Sink.Root;
                options.Hive = _lake.HasCatalog ? new HiveOptions { Metastore = "thrift://nowhere:9083" } : null;
                options.Compaction.Every = every;
            });
        });
        builder.ConfigureClient(client => client.AddMemoryStreams("events"));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    /// <summary>A clock by which <see cref="CompactionLake.Day"/> is over whenever the test runs.</summary>
    private sealed class LaterTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; } = TimeSpan.FromDays(3650);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}

using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Sink.Catalog;
using Banking.Sink.Diagnostics;
using Banking.Sink.Settings;
using Banking.Sink.Tests.Compaction;
using Banking.Sink.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Tests.Catalog;

/// <summary>
/// A lake that is not what the metastore says: manifests that are lost or older, folders that are gone. It is mended where that is sure;
/// else it is said, and nothing is removed.
/// </summary>
public sealed class LostManifestTests : IDisposable
{
    private static readonly string Own = LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day);
    private static readonly string Compacted = CompactionPath.DayFolder(CompactionLake.Table, CompactionLake.Day);
    private readonly ServiceProvider _provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CompactionLake _lake = new();
    private readonly CatalogMetrics _metrics;
    private readonly CatalogSync _sync;

    public LostManifestTests()
    {
        _metrics = new CatalogMetrics(_provider.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        _sync = new CatalogSync(
            _lake.Sink.Store, _lake.Catalog, _metrics, Options.Create(
                new LakeSinkOptions()), _lake.Sink.Time, NullLogger<CatalogSync>.Instance);
        _lake.Options.Grace = TimeSpan.Zero;
        _lake.Sink.Time.Advance(TimeSpan.FromDays(1));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _sync.Dispose();
        _metrics.Dispose();
        _provider.Dispose();
        _lake.Dispose();
    }

    [Fact]
    public async Task Flush_WhenAPartitionOfACleanedDayWasDropped_ThenItComesBackWithAllRowsAtOnce()
    {
        await CleanedAsync();
        Assert.Null(await _sync.FlushAsync(Token));
        _lake.Catalog.Drop(CompactionLake.Table, CompactionLake.Day);

        Assert.Null(await _sync.FlushAsync(Token));

        Assert.Equal(36, (await _lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Flush_WhenTheManifestsAreLostAndTheMetastoreKnowsTheFolder_ThenTheManifestIsMadeAgain()
    {
        await CleanedAsync();
        Lose("_compactions");

        Assert.Null(await _sync.FlushAsync(Token));

        Assert.Equal(1, (await _lake.Manifests.NewestAsync(CompactionLake.Table, CompactionLake.Day, Token))!.Generation);
        await _lake.AddFilesAsync(1);
        Assert.True(await _lake.CompactAsync());
        Assert.Equal(39, (await _lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Flush_WhenTheManifestsAreLostAndTheFolderDoesNotTell_ThenItIsSaidAndNothingIsRemoved()
    {
        await CleanedAsync();
        var folder = await _lake.FolderAsync();
        Lose("_compactions");
        File.Delete($"{_lake.Sink.Root}/{folder}/_manifest");

        var sentence = await _sync.FlushAsync(Token);

        Assert.StartsWith(
            $"cash_transactions of 2026-11-23 is registered at {folder}, but _compactions/cash_transactions/dt=2026-11-23 has none",
            sentence, StringComparison.Ordinal);
        Assert.Equal(sentence![..60], _sync.Status.Refusals.Single()[..60]);
        await AssertUntouchedAsync(folder);
        Assert.Equal(folder, await _lake.FolderAsync());
    }

    [Fact]
    public async Task Flush_WhenManifestsAndMetastoreAreLost_ThenHalfADayIsNotRegisteredAndNothingIsRemoved()
    {
        await CleanedAsync();
        var folder = await _lake.FolderAsync();
        Lose("_compactions");
        _lake.Catalog.Restore(new MemoryCatalog().Save());

        var sentence = await _sync.FlushAsync(Token);

        Assert.StartsWith(
            $"{Own} was cleaned after it was compacted, but _compactions/cash_transactions/dt=2026-11-23 has no manifest", sentence,
            StringComparison.Ordinal);
        Assert.Null(await _lake.Catalog.GetPartitionAsync(CompactionLake.Table, CompactionLake.Day, Token));
        await AssertUntouchedAsync(folder);
    }

    [Fact]
    public async Task Flush_WhenTheManifestsAreOlderThanTheMetastore_ThenTheNewestIsMadeAgain()
    {
        await _lake.AddFilesAsync(3);
        await _lake.CompactAsync();
        var manifests = $"{_lake.Sink.Root}/{CompactionPath.ManifestFolder(CompactionLake.Table, CompactionLake.Day)}";
        var older = await File.ReadAllBytesAsync($"{manifests}/00000000000000000001", Token);
        await _lake.AddFilesAsync(2);
        await _lake.CompactAsync();
        await _lake.CleanAsync();
        Directory.Delete(manifests, recursive: true);
        Directory.CreateDirectory(manifests);
        await File.WriteAllBytesAsync($"{manifests}/00000000000000000001", older, Token);

        Assert.Null(await _sync.FlushAsync(Token));

        Assert.Equal(15, (await _lake.VisibleAsync()).Count);
        Assert.Equal(15, (await _lake.VisibleByManifestAsync()).Count);
    }

    [Fact]
    public async Task Flush_WhenTheManifestsFolderLacksAPart_ThenThePartitionStaysAndItIsSaid()
    {
        await _lake.AddFilesAsync(3);
        await _lake.CompactAsync();
        var folder = await _lake.FolderAsync();
        _lake.Catalog.Place(CompactionLake.Table, CompactionLake.Day, Own);
        File.Delete($"{_lake.Sink.Root}/{folder}/part-00000.parquet");

        var sentence = await _sync.FlushAsync(Token);

        Assert.StartsWith(
            $"cash_transactions of 2026-11-23 is left as it is: {folder} lacks part-00000.parquet as it was written.", sentence,
            StringComparison.Ordinal);
        Assert.Equal(9, (await _lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Flush_WhenTheLakeIsOlderThanTheMetastore_ThenTheLakesWordCounts()
    {
        await _lake.AddFilesAsync(3);
        _lake.Catalog.Place(
            CompactionLake.Table, CompactionLake.Day,
            CompactionPath.GenerationFolder(CompactionLake.Table, CompactionLake.Day, 2, Guid.NewGuid()));

        Assert.Null(await _sync.FlushAsync(Token));

        Assert.Equal(9, (await _lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Flush_WhenADayThatWasNeverCompactedIsRegisteredElsewhere_ThenItIsPutRight()
    {
        await _lake.AddFilesAsync(3);
        _lake.Catalog.Place(CompactionLake.Table, CompactionLake.Day, "somewhere/else");

        Assert.Null(await _sync.FlushAsync(Token));

        Assert.Equal(Own, await _lake.FolderAsync());
    }

    [Fact]
    public async Task Clean_WhenTheMetastoreIsOlder_ThenNothingThatItReadsGoes()
    {
        _lake.Options.Grace = TimeSpan.FromHours(1);
        await _lake.AddFilesAsync(3);
        await _lake.CompactAsync();
        var backup = _lake.Catalog.Save();
        await _lake.AddFilesAsync(2);
        await _lake.CompactAsync();
        Assert.Null(await _lake.CleanAsync());
        _lake.Sink.Time.Advance(TimeSpan.FromHours(2));
        _lake.Catalog.Restore(backup);

        Assert.Null(await _lake.CleanAsync());
        Assert.NotEmpty(await _lake.VisibleAsync());
        Assert.Null(await _sync.FlushAsync(Token));

        Assert.Equal(15, (await _lake.VisibleAsync()).Count);
    }

    // Three lives of twelve rows in four files each, so that there are saves below which files go.
    private async Task CleanedAsync()
    {
        for (var life = 0; life < 3; life++) await _lake.AddFilesAsync(4);
        Assert.True(await _lake.CompactAsync());
        Assert.True(await _lake.CleanAsync() > 0);
        Assert.True(_lake.Names(Own).Count < 12);
    }

    private void Lose(string folder) => Directory.Delete($"{_lake.Sink.Root}/{folder}", recursive: true);

    private async Task AssertUntouchedAsync(string folder)
    {
        await Assert.ThrowsAsync<DayNotCompactableException>(() => _lake.MergeAsync());
        Assert.Null(await _lake.CleanAsync());
        Assert.Equal(36, (await _lake.OffsetsAsync(folder)).Count);
        Assert.Equal([folder], _lake.Names(Compacted).Select(name => $"{Compacted}/{name}"));
    }
}

using Banking.Lake.Catalog;
using Banking.Lake.Days;
using Banking.Lake.Files;

namespace Banking.Sink.Tests.Compaction;

public sealed class DayShelfTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compact_WhenADayHasManyFiles_ThenQueriesSeeTheSameRowsInOne()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(7);

        Assert.True(await lake.CompactAsync());

        Assert.Equal(Enumerable.Range(0, 21).Select(i => (long)i), await lake.VisibleAsync());
        Assert.Equal(["part-00000.parquet"], lake.Names(await lake.FolderAsync()));
        Assert.Equal(await lake.VisibleAsync(), await lake.VisibleByManifestAsync());
    }

    [Fact]
    public async Task Merge_WhenNotSwitched_ThenQueriesSeeWhatTheySaw()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);

        await lake.MergeAsync();

        Assert.Equal(LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day), await lake.FolderAsync());
        Assert.Equal(9, (await lake.VisibleByManifestAsync()).Count);
    }

    [Fact]
    public async Task Switch_WhenFilesCameMeanwhile_ThenTheyAreThereOnce()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        var draft = await lake.MergeAsync();
        await lake.AddFilesAsync(2);

        Assert.True(await lake.Shelf().SwitchAsync(draft!, Token));

        Assert.Equal(Enumerable.Range(0, 15).Select(i => (long)i), await lake.VisibleAsync());
        Assert.Equal(3, lake.Names(await lake.FolderAsync()).Count);
    }

    [Fact]
    public async Task Publish_WhenAFileCameAfterTheSwitch_ThenItIsThereOnceHoweverOftenItIsDone()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        await lake.CompactAsync();
        await lake.AddFilesAsync(1);

        Assert.True(await lake.PublishAsync());
        Assert.True(await lake.PublishAsync());

        Assert.Equal(12, (await lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Compact_WhenLateFilesWerePublished_ThenTheNextGenerationHasThem()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        await lake.CompactAsync();
        await lake.AddFilesAsync(2);
        await lake.PublishAsync();

        Assert.True(await lake.CompactAsync());

        Assert.Equal(15, (await lake.VisibleAsync()).Distinct().Count());
        Assert.Equal(15, (await lake.VisibleAsync()).Count);
        Assert.Equal(["part-00000.parquet"], lake.Names(await lake.FolderAsync()));
    }

    [Fact]
    public async Task Compact_WhenLateFilesWereNotPublished_ThenTheSwitchBringsThem()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        await lake.CompactAsync();
        await lake.AddFilesAsync(2);

        Assert.True(await lake.CompactAsync());

        Assert.Equal(Enumerable.Range(0, 15).Select(i => (long)i), await lake.VisibleAsync());
    }

    [Fact]
    public async Task Switch_WhenTwoCompactedTheSame_ThenOneWinsAndTheOthersFolderGoes()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        var first = await lake.MergeAsync();
        var second = await lake.MergeAsync();

        Assert.True(await lake.Shelf().SwitchAsync(second!, Token));
        Assert.False(await lake.Shelf().SwitchAsync(first!, Token));

        Assert.Equal(9, (await lake.VisibleAsync()).Count);
        Assert.Equal(
            [second!.Manifest.Folder.Split('/')[^1]], lake.Names(CompactionPath.DayFolder(CompactionLake.Table, CompactionLake.Day)));
    }

    [Fact]
    public async Task Switch_WhenTheCatalogIsAway_ThenTheNextPublishFinishesIt()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        var draft = await lake.MergeAsync();
        lake.Catalog.Failure = new IOException("The metastore is away.");

        await Assert.ThrowsAsync<CatalogException>(() => lake.Shelf().SwitchAsync(draft!, Token));
        lake.Catalog.Failure = null;
        await lake.AddFilesAsync(1);
        await lake.PublishAsync();

        Assert.Equal(draft!.Manifest.Folder, await lake.FolderAsync());
        Assert.Equal(12, (await lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Switch_WhenItIsAskedForAgain_ThenItIsDoneOnce()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        var draft = await lake.MergeAsync();

        Assert.True(await lake.Shelf().SwitchAsync(draft!, Token));
        Assert.True(await lake.Shelf().SwitchAsync(draft!, Token));

        Assert.Equal(9, (await lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Switch_WhenAStaleDraftFindsItsNumberFree_ThenTheNewerManifestStands()
    {
        using var lake = new CompactionLake();
        lake.Options.Grace = TimeSpan.Zero;
        await lake.AddFilesAsync(3);
        var stale = (await lake.MergeAsync())!;
        await lake.CompactAsync();
        await lake.AddFilesAsync(1);
        await lake.CompactAsync();
        await lake.CleanAsync();
        Assert.Equal(["00000000000000000002"], lake.Names(CompactionPath.ManifestFolder(CompactionLake.Table, CompactionLake.Day)));

        Assert.False(await lake.Manifests.CommitAsync(CompactionLake.Table, CompactionLake.Day, stale.Manifest, Token));

        Assert.Equal(2, (await lake.Manifests.NewestAsync(CompactionLake.Table, CompactionLake.Day, Token))!.Generation);
    }

    [Fact]
    public async Task Merge_WhenAStrangersFileIsInTheFolder_ThenTheDayIsLeftAndSaidWhy()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        var stranger = $"{LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day)}/stranger.parquet";
        await File.WriteAllTextAsync($"{lake.Sink.Root}/{stranger}", "", Token);

        var refusal = await Assert.ThrowsAsync<DayNotCompactableException>(() => lake.MergeAsync());

        Assert.Equal($"{stranger} is not the sink's file: the day is left as it is.", refusal.Message);
    }

    [Fact]
    public async Task Merge_WhenAnEarlierOneDied_ThenItsRestsGo()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(3);
        await lake.MergeAsync();

        await lake.CompactAsync();

        Assert.Single(lake.Names(CompactionPath.DayFolder(CompactionLake.Table, CompactionLake.Day)));
    }
}

using Banking.Lake.Files;
using Banking.Lake.Sequences;
using Banking.Sink.Compaction;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Compaction;

/// <summary>The sink goes on after its files were compacted and cleaned away.</summary>
public sealed class RestartTests
{
    private static readonly string OwnFolder = LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clean_WhenTheGracePeriodIsOver_ThenOnlyWhatARestartNeedsStays()
    {
        using var lake = await CompactedAsync();
        var before = lake.OwnNames();
        Assert.Null(await lake.CleanAsync());
        lake.Sink.Time.Advance(lake.Options.Grace);

        Assert.True(await lake.CleanAsync() > 0);

        var kept = lake.OwnNames();
        Assert.True(kept.Count < before.Count);
        Assert.Equal(before[^1], kept[^1]);
        Assert.Equal(await lake.VisibleAsync(), await lake.VisibleByManifestAsync());
        Assert.Equal(36, (await lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Clean_WhenFilesWereCleanedAway_ThenARestartedSinkTakesNoDoubleAndLosesNothing()
    {
        using var lake = await CleanedAsync();

        // Everything is published once more, as after a crash, then something new.
        for (var sequence = 1; sequence <= 37; sequence++) lake.Sink.Log.Add(Json.Deposit("a", sequence), Json.Noon);
        var sink = await lake.Sink.OpenAsync();
        await sink.DrainAsync();
        await lake.PublishAsync();

        Assert.Equal(36, (await sink.StatusAsync()).DuplicatesDropped);
        Assert.Equal([.. Enumerable.Range(0, 36).Select(i => (long)i), 72L], await lake.VisibleAsync());
    }

    [Fact]
    public async Task Clean_WhenTheNewestSaveIsBroken_ThenTheOneBeforeAndTheFilesSuffice()
    {
        using var lake = await CleanedAsync();
        var saves = Directory.GetFiles(
            $"{lake.Sink.Root}/_sequences/{CompactionLake.Table.Name}", "*",
            SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, saves.Length);
        await File.WriteAllTextAsync(saves[^1], "broken", Token);

        for (var sequence = 1; sequence <= 36; sequence++) lake.Sink.Log.Add(Json.Deposit("a", sequence), Json.Noon);
        var sink = await lake.Sink.OpenAsync();
        await sink.DrainAsync();

        Assert.Equal(36, (await sink.StatusAsync()).DuplicatesDropped);
    }

    [Fact]
    public async Task Open_WhenNoSaveCanBeReadAndFilesWereCleanedAway_ThenRefusesRatherThanTakeDoubles()
    {
        using var lake = await CleanedAsync();
        Directory.Delete($"{lake.Sink.Root}/_sequences", recursive: true);

        await Assert.ThrowsAsync<SequencesLostException>(() => lake.Sink.OpenAsync());
    }

    [Fact]
    public async Task Clean_WhenFilesAreCleanedAway_ThenTheNextGenerationHasAllRows()
    {
        using var lake = await CleanedAsync();
        await lake.AddFilesAsync(2);

        Assert.True(await lake.CompactAsync());

        Assert.Equal(42, (await lake.VisibleAsync()).Distinct().Count());
        Assert.Equal(42, (await lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Clean_WhenAnOwnerThatStoodStillCommitsAFreedNameAfterwards_ThenQueriesDoNotSeeIt()
    {
        using var lake = await CleanedAsync();
        var freed = LakePath.File(CompactionLake.Table, CompactionLake.Day, new ChainId("log1", 0), 0);
        Assert.False(File.Exists($"{lake.Sink.Root}/{freed}"));
        File.Copy($"{lake.Sink.Root}/{OwnFolder}/{lake.OwnNames()[^1]}", $"{lake.Sink.Root}/{freed}");

        await lake.PublishAsync();
        await lake.CompactAsync();

        Assert.Equal(36, (await lake.VisibleAsync()).Count);
    }

    [Fact]
    public async Task Clean_WhenThePartitionIsNotWhereTheManifestSays_ThenNothingGoes()
    {
        using var lake = await CompactedAsync();
        lake.Sink.Time.Advance(lake.Options.Grace);
        await lake.Catalog.AlterLocationAsync(CompactionLake.Table, CompactionLake.Day, OwnFolder, new Dictionary<string, string>(), Token);

        Assert.Null(await lake.CleanAsync());
    }

    [Fact]
    public async Task Clean_WhenTheClockStepsForward_ThenTheOldFolderStaysForItsTime()
    {
        using var lake = await CompactedAsync();
        Assert.Null(await lake.CleanAsync());
        await MarkAsync(lake, lake.Sink.Time.GetUtcNow() - TimeSpan.FromDays(30));
        var before = lake.OwnNames();

        Assert.Null(await lake.CleanAsync());
        Assert.Equal(before, lake.OwnNames());
        lake.Sink.Time.Advance(lake.Options.Grace);

        Assert.True(await lake.CleanAsync() > 0);
    }

    [Fact]
    public async Task Clean_WhenTheProcessIsNew_ThenTheGracePeriodBeginsAnew()
    {
        using var lake = await CompactedAsync();
        lake.Sink.Time.Advance(TimeSpan.FromDays(30));

        Assert.Null(await lake.CleanAsync());
        lake.Sink.Time.Advance(lake.Options.Grace);

        Assert.True(await lake.CleanAsync() > 0);
    }

    [Fact]
    public async Task Clean_WhenTheSwitchIsOfATimeToCome_ThenItGoesOnAGracePeriodAfterTheNextLook()
    {
        using var lake = await CompactedAsync();
        await MarkAsync(lake, lake.Sink.Time.GetUtcNow() + TimeSpan.FromDays(365));
        Assert.Null(await lake.CleanAsync());
        lake.Sink.Time.Advance(TimeSpan.FromDays(2));
        Assert.Null(await lake.CleanAsync());

        await lake.PublishAsync();
        Assert.Null(await lake.CleanAsync());
        lake.Sink.Time.Advance(lake.Options.Grace);

        Assert.True(await lake.CleanAsync() > 0);
    }

    // As a wall clock that was wrong left it.
    private static async Task MarkAsync(CompactionLake lake, DateTimeOffset switched) => await lake.Catalog.AlterLocationAsync(
        CompactionLake.Table, CompactionLake.Day, await lake.FolderAsync(), DayPlacement.Parameters(1, switched), Token);

    // Three lives of twelve rows in four files each, a save at the end of each life.
    private static async Task<CompactionLake> CompactedAsync()
    {
        var lake = new CompactionLake();
        for (var life = 0; life < 3; life++) await lake.AddFilesAsync(4);
        Assert.True(await lake.CompactAsync());
        return lake;
    }

    private static async Task<CompactionLake> CleanedAsync()
    {
        var lake = await CompactedAsync();
        Assert.Null(await lake.CleanAsync());
        lake.Sink.Time.Advance(lake.Options.Grace);
        Assert.True(await lake.CleanAsync() > 0);
        return lake;
    }
}

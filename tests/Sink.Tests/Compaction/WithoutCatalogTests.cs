using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Sink.Compaction;
using Banking.Sink.Tests.Support;
using CsCheck;
using DuckDB.NET.Data;

namespace Banking.Sink.Tests.Compaction;

/// <summary>
/// Where no metastore is set a day's manifest alone is its switch: whoever reads by the manifests sees each row once at every moment,
/// whatever dies or races.
/// </summary>
public sealed class WithoutCatalogTests
{
    private static readonly string OwnFolder = LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compact_WhenADayHasManyFiles_ThenItsManifestHasTheSameRowsInOne()
    {
        using var lake = Open();
        await lake.AddFilesAsync(7, registers: false);
        var own = lake.OwnNames();

        Assert.True(await lake.CompactAsync());

        var manifest = await lake.Manifests.NewestAsync(CompactionLake.Table, CompactionLake.Day, Token);
        Assert.Equal(["part-00000.parquet"], lake.Names(manifest!.Folder));
        Assert.Equal(Enumerable.Range(0, 21).Select(i => (long)i), await lake.VisibleByManifestAsync());

        // Whoever reads the folder itself, or began before the switch, still sees what it saw.
        Assert.Equal(own, lake.OwnNames());
    }

    [Fact]
    public async Task Publish_WhenAFileCameAfterTheSwitch_ThenItIsThereOnce()
    {
        using var lake = Open();
        await lake.AddFilesAsync(3, registers: false);
        await lake.CompactAsync();
        await lake.AddFilesAsync(1, registers: false);

        Assert.True(await lake.PublishAsync());
        Assert.True(await lake.PublishAsync());

        Assert.Equal(12, (await lake.VisibleByManifestAsync()).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compact_WhenItDiesAtAnyCall_ThenAReaderSeesEachRowOnceAtAllTimes(bool isSecond)
    {
        for (var call = 1; ; call++)
        {
            using var lake = Open();
            await lake.AddFilesAsync(2, rows: 2, registers: false);
            if (isSecond) await lake.CompactAsync();
            await lake.AddFilesAsync(2, rows: 2, registers: false);
            var eye = new Eye(lake);
            var mortal = new MortalStore(lake.Sink.Store, call, afterwards: call % 2 == 0);
            var died = await DiesAsync(() => lake.CompactAsync(new ObservedStore(mortal, eye.LookAsync)));
            await eye.LookAsync();

            // The next process.
            await lake.PublishAsync();
            await eye.LookAsync();
            Assert.Equal(8, eye.Rows);
            await lake.AddFilesAsync(1, registers: false);
            await lake.CompactAsync(new ObservedStore(lake.Sink.Store, eye.LookAsync));
            await eye.LookAsync();
            Assert.Equal(11, eye.Rows);
            if (!died) break;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clean_WhenItDiesAtAnyCall_ThenAReaderSeesEachRowOnceAndNobodyTakesTheRestForTheDay(bool afterwards)
    {
        for (var call = 1; ; call++)
        {
            using var lake = Open();
            for (var life = 0; life < 3; life++) await lake.AddFilesAsync(2, registers: false);
            await lake.CompactAsync();
            var eye = new Eye(lake);
            await eye.LookAsync();
            await lake.CleanAsync();
            lake.Sink.Time.Advance(lake.Options.Grace);
            var mortal = new MortalStore(lake.Sink.Store, call, afterwards);
            var died = await DiesAsync(() => lake.CleanAsync(new ObservedStore(mortal, async () =>
            {
                await eye.LookAsync();
                Assert.True(
                    lake.OwnNames().Count == 6 || lake.Names(OwnFolder).Contains(CleanedMark.VisibleName),
                    "a part of a day that says nothing");
            })));
            await eye.LookAsync();
            await lake.CleanAsync();
            await eye.LookAsync();
            Assert.Equal(18, eye.Rows);
            Assert.True(lake.OwnNames().Count < 6);
            if (!died) break;
        }
    }

    [Fact]
    public Task Compact_WhenTwoDoItAtOnce_ThenAReaderSeesEachRowOnceAtAllTimes() =>
        Gen.Int.SampleAsync(CompactTwiceAtOnceAsync, iter: 60, threads: 1);

    private static async Task CompactTwiceAtOnceAsync(int seed)
    {
        var random = new Random(seed);
        using var lake = Open();
        lake.Options.Grace = TimeSpan.Zero;
        for (var life = 0; life < 3; life++) await lake.AddFilesAsync(2, registers: false);
        var eye = new Eye(lake);
        await eye.LookAsync();
        var owners = new List<(OwnerTurns, Task)>();
        for (var i = 0; i < 2; i++)
        {
            var turns = new OwnerTurns();
            owners.Add((turns, CompactAndCleanAsync(lake, new ObservedStore(new StepStore(lake.Sink.Store, turns), eye.LookAsync))));
        }

        await OwnerTurns.RunAsync(owners, random);
        await eye.LookAsync();
        Assert.Equal(18, eye.Rows);
        await lake.AddFilesAsync(2, registers: false);
        await lake.CompactAsync();
        await eye.LookAsync();
        Assert.Equal(24, eye.Rows);
    }

    private static async Task CompactAndCleanAsync(CompactionLake lake, ILakeStore store)
    {
        for (var round = 0; round < 2; round++)
        {
            try
            {
                await lake.CompactAsync(store);
                await lake.CleanAsync(store);
            }
            catch (Exception e) when (e is DayNotCompactableException or IOException or InvalidDataException)
            {
                // The other one was quicker, and removed what this one read.
            }
        }
    }

    [Fact]
    public async Task Read_WhenADayIsCompactedAndCleaned_ThenWhoeverGoesByTheFoldersSeesEachRowOnceOrFailsWithTheReason()
    {
        using var lake = Open();
        for (var life = 0; life < 3; life++) await lake.AddFilesAsync(2, registers: false);
        Assert.Equal(18, lake.Sink.Lake.Count(CompactionLake.Table.Name));
        await lake.CompactAsync();
        Assert.Equal(18, lake.Sink.Lake.Count(CompactionLake.Table.Name));
        await lake.CleanAsync();
        lake.Sink.Time.Advance(lake.Options.Grace);
        Assert.True(await lake.CleanAsync() > 0);

        var failure = Assert.ThrowsAny<DuckDBException>(() => lake.Sink.Lake.Count(CompactionLake.Table.Name));

        Assert.Contains($"{OwnFolder}/this-day-was-compacted.parquet", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clean_WhenNoFileMayGoYet_ThenWhoeverGoesByTheFoldersStillSeesTheDay()
    {
        using var lake = Open();
        await lake.AddFilesAsync(6, registers: false);
        await lake.CompactAsync();
        await lake.CleanAsync();
        lake.Sink.Time.Advance(lake.Options.Grace);

        Assert.Equal(0, await lake.CleanAsync());

        Assert.Equal(18, lake.Sink.Lake.Count(CompactionLake.Table.Name));
    }

    [Fact]
    public async Task Merge_WhenItCanNotBeDone_ThenItLeavesNothing()
    {
        using var lake = Open();
        await lake.AddFilesAsync(3, registers: false);
        var broken = $"{lake.Sink.Root}/{OwnFolder}/{lake.OwnNames()[^1]}";
        await File.WriteAllTextAsync(broken, "This is no Parquet file at all.", Token);
        (lake.Options.TargetBytes, lake.Options.RowGroupRows) = (1024, 1);

        await Assert.ThrowsAnyAsync<Exception>(() => lake.MergeAsync());

        Assert.Empty(lake.Names(CompactionPath.DayFolder(CompactionLake.Table, CompactionLake.Day)));
    }

    [Fact]
    public async Task Compact_WhenOneSinkRunsForDaysWithFewRows_ThenTheFilesOfOldDaysGo()
    {
        using var lake = new CompactionLake { HasCatalog = false };
        lake.Options.Grace = TimeSpan.Zero;
        var sink = await lake.Sink.OpenAsync();
        for (var number = 0; number < 24; number++)
        {
            lake.Sink.Log.Add(Json.Deposit("a", number + 1), Json.Noon + (number / 4 * (long)TimeSpan.FromDays(1).TotalMilliseconds));
            await sink.DrainAsync();
            if (number % 4 < 3) continue;
            lake.Sink.Time.Advance(TimeSpan.FromDays(1));
            Assert.True(await lake.CompactAsync(day: CompactionLake.Day.AddDays(number / 4)));
            for (var day = 0; day <= number / 4; day++) await lake.CleanAsync(day: CompactionLake.Day.AddDays(day));
        }

        // Of the last two days, but for the one that is in both saves.
        Assert.Equal(
            7, Directory.EnumerateFiles($"{lake.Sink.Root}/{CompactionLake.Table.Name}", "events-*", SearchOption.AllDirectories).Count());
        var compacted = $"{lake.Sink.Root}/{CompactionPath.TableFolder(CompactionLake.Table)}";
        Assert.Equal(6, Directory.EnumerateFiles(compacted, "*.parquet", SearchOption.AllDirectories).Count());
    }

    private static CompactionLake Open()
    {
        var lake = new CompactionLake { HasCatalog = false };
        lake.Sink.Time.Advance(TimeSpan.FromDays(1));
        return lake;
    }

    private static async Task<bool> DiesAsync(Func<Task> compact)
    {
        try
        {
            await compact();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private sealed class Eye(CompactionLake lake)
    {
        private readonly HashSet<long> _seen = [];

        public int Rows => _seen.Count;

        public async Task LookAsync()
        {
            var visible = await lake.VisibleByManifestAsync();
            var rows = visible.ToHashSet();
            Assert.Equal(rows.Count, visible.Count);
            Assert.Empty(_seen.Except(rows));
            _seen.UnionWith(rows);
        }
    }
}

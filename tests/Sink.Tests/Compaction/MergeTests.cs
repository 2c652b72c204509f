using Banking.Lake.Chains;
using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Tables;
using Banking.Sink.Compaction;
using Banking.Sink.Tests.Support;
using CsCheck;
using Parquet;

namespace Banking.Sink.Tests.Compaction;

public sealed class MergeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Merge_WhenFilesAreAny_ThenTheRowsAreTheSameToAnEngineNobodyHereWrote() =>
        Gen.Int.SampleAsync(MergeAnyAsync, iter: 15, threads: 1);

    [Fact]
    public async Task Merge_WhenPartsHaveTheirSize_ThenThereAreSeveralAndOnlyTheLastIsSmaller()
    {
        using var lake = new CompactionLake();
        lake.Options.TargetBytes = 4 << 10;
        await lake.AddFilesAsync(30, rows: 10);

        await lake.CompactAsync();

        var parts = (await lake.Manifests.NewestAsync(CompactionLake.Table, CompactionLake.Day, Token))!.Parts;
        Assert.True(parts.Count > 2);
        Assert.All(parts.SkipLast(1), part => Assert.True(part.Bytes >= lake.Options.TargetBytes));
        Assert.Equal(300, (await lake.VisibleAsync()).Distinct().Count());
    }

    [Fact]
    public async Task Merge_WhenAFileIsOlderThanAColumn_ThenItsRowsHaveNullThere()
    {
        using var lake = new CompactionLake();
        await lake.RegisterAsync();
        var old = new LakeTable(CompactionLake.Table.Name, CompactionLake.Table.EventTypes, [.. CompactionLake.Table.Columns.SkipLast(4)]);
        await CommitAsync(lake, old, start: 0, offset: 0);
        await CommitAsync(lake, CompactionLake.Table, start: 1, offset: 1);

        await lake.CompactAsync();

        var rows = await QueryAsync(lake, "select description, amount, log_offset from {files} order by log_offset nulls first");
        Assert.Equal([["a 12.5", null, null], ["a 12.5", 12.50m, 1L]], rows);
    }

    [Fact]
    public async Task Merge_WhenAFileIsOfANewerVersion_ThenTheDayIsLeft()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(1);
        var folder = LakePath.DayFolder(CompactionLake.Table, CompactionLake.Day);
        var path = $"{lake.Sink.Root}/{folder}/{lake.Names(folder)[0]}";
        await RewriteAsync(
            path, "banking.schema", (LakeTables.SchemaVersion + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => lake.MergeAsync());

        Assert.Contains("was written by a newer version", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_WhenAFilterIsByTimeOrMoney_ThenTheStatisticsDoNotHideRows()
    {
        using var lake = new CompactionLake();
        await lake.AddFilesAsync(10, rows: 30);
        await lake.CompactAsync();

        var found = await QueryAsync(
            lake, "select count(*) from {files} where occurred_at >= timestamp '2026-11-23 12:00:00.151' and amount = 12.50");

        Assert.Equal(150L, found[0][0]);
    }

    private static async Task MergeAnyAsync(int seed)
    {
        var random = new Random(seed);
        using var lake = new CompactionLake();
        lake.Sink.Options.MaxRows = random.Next(1, 20);
        lake.Options.RowGroupRows = random.Next(1, 60);
        lake.Options.TargetBytes = random.Next(1 << 10, 64 << 10);
        lake.Sink.Time.Advance(TimeSpan.FromDays(6));
        new RandomEvents(random, lake.Sink.Log).Add(random.Next(400));
        await (await lake.Sink.OpenAsync()).DrainAsync();
        foreach (var table in LakeTables.All)
        {
            foreach (var folder in lake.Names(table.Name))
            {
                Assert.True(LakePath.TryParseDayFolder(folder, out var day));
                var draft = await new DayCompaction(lake.Sink.Store, lake.Catalog, lake.Options, lake.Sink.Time, _ => { }).RunAsync(
                    table, day, Token);
                var differences = lake.Sink.Lake.Query(
                    table.Name,
                    $"with before as (from read_parquet('{lake.Sink.Root}/{table.Name}/{folder}/*.parquet', hive_partitioning = false)), "
                        + $"after as (from read_parquet('{lake.Sink.Root}/{draft!.Manifest.Folder}/*.parquet', hive_partitioning = false))"
                    + " select (select count(*) from (from before except all from after)), (select count(*) from (from after except all "
                    + "from before)), (select count(*) from after)");
                Assert.Equal([0L, 0L, draft.Manifest.Rows], differences[0]);
            }
        }
    }

    private static async Task CommitAsync(CompactionLake lake, LakeTable table, long start, long offset)
    {
        using var encoder = new ParquetEncoder(100);
        var chain = new TableChain(lake.Sink.Store, encoder, table, new ChainId("old", 0), $"owner{start}", lake.Sink.Time);
        var parser = new EventParser();
        Assert.True(parser.TryParse(new LakeRecord(offset, Json.Noon, Json.Deposit("a", offset + 1)), 0));
        using var rows = new RowBuffer(table, CompactionLake.Day, lake.Sink.Time.GetUtcNow());
        rows.Add(parser.Event, -1, lake.Sink.Time.GetUtcNow());
        rows.Seal(offset);
        Assert.True((await chain.CommitAsync(start, rows, 0, CompactionLake.Day, Token)).Won);
    }

    private static async Task RewriteAsync(string path, string key, string value)
    {
        var source = new MemoryStream(await File.ReadAllBytesAsync(path, Token));
        await using var reader = await ParquetReader.CreateAsync(source, cancellationToken: Token);
        await using var target = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(reader.Schema, target, cancellationToken: Token);
        writer.CustomMetadata = new Dictionary<string, string>(reader.CustomMetadata) { [key] = value };
    }

    private static async Task<List<object?[]>> QueryAsync(CompactionLake lake, string sql) =>
        lake.Sink.Lake.Query(
            "", sql.Replace("{files}", $"read_parquet('{lake.Sink.Root}/{await lake.FolderAsync()}/*.parquet')", StringComparison.Ordinal));
}

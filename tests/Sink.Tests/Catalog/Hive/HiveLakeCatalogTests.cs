using Banking.Hive;
using Banking.Lake.Catalog;
using Banking.Lake.Hive;
using Banking.Lake.Tables;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Catalog.Hive;

/// <summary>The catalog on a real metastore.</summary>
public sealed class HiveLakeCatalogTests : LakeCatalogContract, IAsyncLifetime
{
    private static readonly LakeTable Cash = LakeTables.CashTransactions;
    private static readonly DateOnly Monday = new(2026, 11, 23);
    private HiveDatabase? _database;
    private HiveLakeCatalog? _catalog;

    protected override ILakeCatalog Catalog => _catalog!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HiveDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _database = await HiveDatabase.OpenAsync();
        _catalog = _database.Catalog();
    }

    public async ValueTask DisposeAsync()
    {
        _catalog?.Dispose();
        if (_database is not null) await _database.DisposeAsync();
    }

    [Fact]
    public async Task EnsureTableAsync_WhenNew_ThenIsExternalParquetOfTheLakesColumns()
    {
        await Catalog.EnsureDatabaseAsync(Token);
        await Catalog.EnsureTableAsync(Cash, Token);

        var table = await Database.TableAsync("cash_transactions");
        Assert.Equal(("EXTERNAL_TABLE", "TRUE"), (table.TableType, table.Parameters!["EXTERNAL"]));
        Assert.Equal(Cash.Columns.Select(c => $"{c.Name} {c.SqlType}"), table.Sd!.Cols!.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal(["dt string"], table.PartitionKeys!.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", table.Sd.SerdeInfo!.SerializationLib);
    }

    [Fact]
    public async Task EnsureTableAsync_WhenOnlyThePathIsKnown_ThenTheMetastorePutsItOnItsFileSystem()
    {
        await Catalog.EnsureDatabaseAsync(Token);
        await Catalog.EnsureTableAsync(Cash, Token);
        await Catalog.AddPartitionsAsync(Cash, [Monday], Token);
        await Catalog.AlterLocationAsync(Cash, Monday, "_compacted/x", new Dictionary<string, string>(), Token);

        var table = (await Database.TableAsync("cash_transactions")).Sd!.Location!;
        var partition = (await Database.PartitionAsync("cash_transactions", "2026-11-23")).Sd!.Location!;
        Assert.Matches($"^hdfs://[^/]+{Database.Root}/cash_transactions$", table);
        Assert.Equal(table.Replace("/cash_transactions", "/_compacted/x", StringComparison.Ordinal), partition);
    }

    [Fact]
    public async Task EnsureTableAsync_WhenTheLocationIsGiven_ThenItIsThere()
    {
        var location = $"file:/tmp/{Database.Name}";
        using var catalog = Database.Catalog(location);
        await catalog.EnsureDatabaseAsync(Token);

        Assert.Null(await catalog.EnsureTableAsync(Cash, Token));
        Assert.Null(await catalog.EnsureTableAsync(Cash, Token));

        Assert.Equal($"{location}/cash_transactions", (await Database.TableAsync("cash_transactions")).Sd!.Location);
        Directory.Delete($"/tmp/{Database.Name}", recursive: true);
    }

    [Fact]
    public async Task EnsureTableAsync_WhenOursIsOlder_ThenTheNewColumnsComeLastInItAndItsPartitions()
    {
        var older = Cash with { Columns = [.. Cash.Columns.Take(12)] };
        await Catalog.EnsureDatabaseAsync(Token);
        await Catalog.EnsureTableAsync(older, Token);
        await Catalog.AddPartitionsAsync(older, [Monday], Token);

        Assert.Null(await Catalog.EnsureTableAsync(Cash, Token));

        var partition = await Database.PartitionAsync("cash_transactions", "2026-11-23");
        string[] expected = [.. Cash.Columns.Select(c => c.Name)];
        Assert.Equal(expected, (await Database.TableAsync("cash_transactions")).Sd!.Cols!.Select(c => c.Name));
        Assert.Equal(expected, partition.Sd!.Cols!.Select(c => c.Name));
    }

    [Fact]
    public async Task EnsureTableAsync_WhenOursIsNewer_ThenItStaysAndItsPartitionsHaveItsColumns()
    {
        var newer = Cash with { Columns = [.. Cash.Columns, Cash.Columns[0] with { Name = "of_tomorrow" }] };
        await Catalog.EnsureDatabaseAsync(Token);
        await Catalog.EnsureTableAsync(newer, Token);

        Assert.Null(await Catalog.EnsureTableAsync(Cash, Token));
        await Catalog.AddPartitionsAsync(Cash, [Monday], Token);

        Assert.Equal("of_tomorrow", (await Database.TableAsync("cash_transactions")).Sd!.Cols![^1].Name);
        Assert.Equal("of_tomorrow", (await Database.PartitionAsync("cash_transactions", "2026-11-23")).Sd!.Cols![^1].Name);
    }

    [Fact]
    public async Task EnsureTableAsync_WhenItLiesElsewhere_ThenIsLeftAloneWithASentence()
    {
        await Catalog.EnsureDatabaseAsync(Token);
        var foreign = HiveTables.Create(Cash, Database.Name, $"{Database.Root}/elsewhere", DateTimeOffset.UnixEpoch);
        foreign.Sd!.Cols!.RemoveRange(3, 5);
        await Database.CreateAsync(foreign);

        var problem = await Catalog.EnsureTableAsync(Cash, Token);

        Assert.Contains(
            $"The table {Database.Name}.cash_transactions is not the lake's and is left alone: it lies in hdfs://", problem,
            StringComparison.Ordinal);
        Assert.Equal(Cash.Columns.Count - 5, (await Database.TableAsync("cash_transactions")).Sd!.Cols!.Count);
        await Assert.ThrowsAsync<CatalogException>(() => Catalog.AddPartitionsAsync(Cash, [Monday], Token));
    }

    [Fact]
    public async Task EnsureTableAsync_WhenItIsAView_ThenIsLeftAloneWithASentence()
    {
        await Catalog.EnsureDatabaseAsync(Token);
        var view = new Table
        {
            DbName = Database.Name,
            TableName = "cash_transactions",
            TableType = "VIRTUAL_VIEW",
            ViewOriginalText = "select 1",
            ViewExpandedText = "select 1",
            Sd = new StorageDescriptor { Cols = [new FieldSchema { Name = "a", Type = "int" }], SerdeInfo = new SerDeInfo() },
            PartitionKeys = [],
            Parameters = [],
        };
        await Database.CreateAsync(view);

        Assert.Contains("it is a VIRTUAL_VIEW", await Catalog.EnsureTableAsync(Cash, Token), StringComparison.Ordinal);
    }
}

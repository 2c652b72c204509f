using Banking.Lake.Catalog;
using Banking.Lake.Files;
using Banking.Lake.Tables;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Catalog;

/// <summary>What every catalog must do; one derived class an implementation.</summary>
public abstract class LakeCatalogContract
{
    private static readonly LakeTable Table = LakeTables.CashTransactions;
    private static readonly DateOnly Monday = new(2026, 11, 23);

    protected abstract ILakeCatalog Catalog { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnsureTableAsync_WhenDoneTwice_ThenBothAreFine()
    {
        for (var i = 0; i < 2; i++)
        {
            await Catalog.EnsureDatabaseAsync(Token);
            Assert.Null(await Catalog.EnsureTableAsync(Table, Token));
        }

        Assert.Empty(await Catalog.ListPartitionsAsync(Table, Token));
    }

    [Fact]
    public async Task EnsureTableAsync_WhenManyDoItAtOnce_ThenAllAreFine()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await Catalog.EnsureDatabaseAsync(Token);
            Assert.Null(await Catalog.EnsureTableAsync(Table, Token));
        }));

        Assert.Empty(await Catalog.ListPartitionsAsync(Table, Token));
    }

    [Fact]
    public async Task ListPartitionsAsync_WhenThereIsNoTable_ThenThrows()
    {
        await Catalog.EnsureDatabaseAsync(Token);

        await Assert.ThrowsAsync<CatalogException>(() => Catalog.ListPartitionsAsync(Table, Token));
    }

    [Fact]
    public async Task AddPartitionsAsync_WhenThereIsNoTable_ThenThrows()
    {
        await Catalog.EnsureDatabaseAsync(Token);

        await Assert.ThrowsAsync<CatalogException>(() => Catalog.AddPartitionsAsync(Table, [Monday], Token));
    }

    [Fact]
    public async Task AddPartitionsAsync_WhenSomeAreThere_ThenAddsTheOthers()
    {
        await EnsureAsync();
        await Catalog.AddPartitionsAsync(Table, [Monday], Token);

        await Catalog.AddPartitionsAsync(Table, [Monday.AddDays(1), Monday, Monday.AddDays(-400)], Token);

        Assert.Equal([Monday.AddDays(-400), Monday, Monday.AddDays(1)], await Catalog.ListDaysAsync(Table, Token));
    }

    [Fact]
    public async Task AddPartitionsAsync_WhenThereAreMoreThanOneCallTakes_ThenAddsThemAll()
    {
        await EnsureAsync();
        var days = Enumerable.Range(0, 130).Select(i => Monday.AddDays(i)).ToList();

        await Catalog.AddPartitionsAsync(Table, days, Token);

        Assert.Equal(days, await Catalog.ListDaysAsync(Table, Token));
    }

    [Fact]
    public async Task AddPartitionsAsync_WhenManyDoItAtOnce_ThenAllAreThere()
    {
        await EnsureAsync();

        await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(i => Catalog.AddPartitionsAsync(Table, [.. Enumerable.Range(i, 10).Select(d => Monday.AddDays(d))], Token)));

        Assert.Equal(13, (await Catalog.ListPartitionsAsync(Table, Token)).Count);
    }

    [Fact]
    public async Task GetPartitionAsync_WhenAdded_ThenIsAtItsFolder()
    {
        await EnsureAsync();
        await Catalog.AddPartitionsAsync(Table, [Monday], Token);

        var partition = await Catalog.GetPartitionAsync(Table, Monday, Token);

        Assert.Equal(LakePath.DayFolder(Table, Monday), partition?.Folder);
        Assert.EndsWith("/cash_transactions/dt=2026-11-23", partition?.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListPartitionsAsync_WhenSomeWereMoved_ThenSaysWhereEachIs()
    {
        await EnsureAsync();
        await Catalog.AddPartitionsAsync(Table, [Monday, Monday.AddDays(1)], Token);
        await Catalog.AlterLocationAsync(Table, Monday, "_compacted/a", new Dictionary<string, string> { ["noted"] = "1" }, Token);

        var partitions = await Catalog.ListPartitionsAsync(Table, Token);

        Assert.Equal(("_compacted/a", "1"), (partitions[Monday].Folder, partitions[Monday].Parameters["noted"]));
        Assert.Equal(LakePath.DayFolder(Table, Monday.AddDays(1)), partitions[Monday.AddDays(1)].Folder);
    }

    [Fact]
    public async Task AddPartitionsAsync_WhenThePlaceIsAnotherFolder_ThenItIsThereWithItsParameters()
    {
        await EnsureAsync();

        await Catalog.AddPartitionsAsync(
            Table, [new PartitionPlace(Monday, "_compacted/a", new Dictionary<string, string> { ["noted"] = "1" })], Token);

        var partition = await Catalog.GetPartitionAsync(Table, Monday, Token);
        Assert.Equal(("_compacted/a", "1"), (partition!.Folder, partition.Parameters["noted"]));
    }

    [Fact]
    public async Task GetPartitionAsync_WhenThereIsNone_ThenNull()
    {
        Assert.Null(await Catalog.GetPartitionAsync(Table, Monday, Token));
        await EnsureAsync();

        Assert.Null(await Catalog.GetPartitionAsync(Table, Monday, Token));
    }

    [Fact]
    public async Task AlterLocationAsync_WhenThereIsThePartition_ThenItIsThereWithItsParameters()
    {
        await EnsureAsync();
        await Catalog.AddPartitionsAsync(Table, [Monday, Monday.AddDays(1)], Token);
        await Catalog.AlterLocationAsync(
            Table, Monday, "_compacted/a", new Dictionary<string, string> { ["kept"] = "1", ["changed"] = "1" }, Token);

        var done = await Catalog.AlterLocationAsync(
            Table, Monday, "_compacted/b", new Dictionary<string, string> { ["changed"] = "2" }, Token);

        var partition = await Catalog.GetPartitionAsync(Table, Monday, Token);
        Assert.True(done);
        Assert.Equal(("_compacted/b", "1", "2"), (partition!.Folder, partition.Parameters["kept"], partition.Parameters["changed"]));
        Assert.Equal(
            LakePath.DayFolder(Table, Monday.AddDays(1)), (await Catalog.GetPartitionAsync(Table, Monday.AddDays(1), Token))!.Folder);
    }

    [Fact]
    public async Task AlterLocationAsync_WhenThereIsNoPartition_ThenFalse()
    {
        await EnsureAsync();

        Assert.False(await Catalog.AlterLocationAsync(Table, Monday, "_compacted/a", new Dictionary<string, string>(), Token));
    }

    [Fact]
    public async Task AddPartitionsAsync_WhenOneWasMoved_ThenItStaysWhereItIs()
    {
        await EnsureAsync();
        await Catalog.AddPartitionsAsync(Table, [Monday], Token);
        await Catalog.AlterLocationAsync(Table, Monday, "_compacted/a", new Dictionary<string, string>(), Token);

        await Catalog.AddPartitionsAsync(Table, [Monday], Token);

        Assert.Equal("_compacted/a", (await Catalog.GetPartitionAsync(Table, Monday, Token))!.Folder);
    }

    private async Task EnsureAsync()
    {
        await Catalog.EnsureDatabaseAsync(Token);
        Assert.Null(await Catalog.EnsureTableAsync(Table, Token));
    }
}

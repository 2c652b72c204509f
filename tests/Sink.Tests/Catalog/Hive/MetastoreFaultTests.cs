using Banking.Lake.Catalog;
using Banking.Lake.Hive;
using Banking.Lake.Tables;
using Banking.Servers;
using Banking.Sink.Hosting;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Catalog.Hive;

/// <summary>Metastores that are away, hang, cut, or are killed.</summary>
[Collection(RealServers.Killed)]
public sealed class MetastoreFaultTests
{
    private static readonly MetastoreTimeouts Short = new(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(300));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData((int)Mood.Hang, "get_database d at thrift://127.0.0.1:*: no answer within 0.3 s")]
    [InlineData((int)Mood.Cut, "get_database d at thrift://127.0.0.1:*: ")]
    [InlineData((int)Mood.Babble, "get_database d at thrift://127.0.0.1:*: ")]
    public async Task Call_WhenTheServerIsNotWell_ThenThrowsASentenceThatSaysWhere(int mood, string sentence)
    {
        await using var server = new CrankyServer((Mood)mood);
        using var catalog = Catalog([Local(server.Port)], Short);

        var failure = await Assert.ThrowsAsync<CatalogException>(() => catalog.EnsureDatabaseAsync(Token));

        Assert.True(failure.IsAway);
        Assert.StartsWith(sentence.Replace("*", $"{server.Port}", StringComparison.Ordinal), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WhenItIsCancelled_ThenEndsAtOnce()
    {
        await using var server = new CrankyServer(Mood.Hang);
        using var catalog = Catalog([Local(server.Port)], MetastoreTimeouts.Default);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = catalog.EnsureDatabaseAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => call).WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, Token);
    }

    [Fact]
    public async Task Call_WhenTheFirstServerHangs_ThenTheNextOneAnswersAndIsKept()
    {
        await using var database = await HiveDatabase.OpenAsync();
        await using var server = new CrankyServer(Mood.Hang);
        using var catalog = Catalog(
            [Local(server.Port), database.Address[0]], new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3)), database);

        await catalog.EnsureDatabaseAsync(Token);
        Assert.Null(await catalog.EnsureTableAsync(LakeTables.AssetPrices, Token));

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Call_WhenEveryConnectionIsCutAfterOneCall_ThenItIsMadeAgain()
    {
        await using var database = await HiveDatabase.OpenAsync();
        var real = database.Address[0];
        await using var server = new CrankyServer(Mood.OneCall, (real.Host, real.Port));
        using var catalog = Catalog([Local(server.Port)], MetastoreTimeouts.Default, database);

        await catalog.EnsureDatabaseAsync(Token);
        Assert.Null(await catalog.EnsureTableAsync(LakeTables.AssetPrices, Token));
        await catalog.AddPartitionsAsync(LakeTables.AssetPrices, [new DateOnly(2026, 11, 23)], Token);

        Assert.Single(await catalog.ListPartitionsAsync(LakeTables.AssetPrices, Token));
        Assert.True(server.Connections > 3);
    }

    [Fact]
    public async Task Call_WhenTheMetastoreIsKilledAndBack_ThenGoesOn()
    {
        var stack = await RealServers.Mortal("hdfs", "hive");
        using var catalog = Catalog(MetastoreAddress.TryParse("thrift://" + stack.Metastore)!, MetastoreTimeouts.Default);
        await catalog.EnsureDatabaseAsync(Token);
        Assert.Null(await catalog.EnsureTableAsync(LakeTables.AssetPrices, Token));

        await stack.Kill("hive");
        await Assert.ThrowsAsync<CatalogException>(() => catalog.ListPartitionsAsync(LakeTables.AssetPrices, Token));
        await stack.Start("hive");

        await catalog.AddPartitionsAsync(LakeTables.AssetPrices, [new DateOnly(2026, 11, 23)], Token);
        Assert.Single(await catalog.ListPartitionsAsync(LakeTables.AssetPrices, Token));
    }

    private static MetastoreAddress Local(int port) => new("127.0.0.1", port);

    private static HiveLakeCatalog Catalog(
        IReadOnlyList<MetastoreAddress> addresses, MetastoreTimeouts timeouts, HiveDatabase? database = null) => new(
        new MetastoreConnection(addresses, timeouts, TimeProvider.System),
        database?.Name ?? "d",
        LakeCatalogs.LocationOf($"webhdfs://localhost{database?.Root ?? "/tests/faults"}", null),
        TimeProvider.System);
}

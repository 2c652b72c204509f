using System.Globalization;
using Banking.Servers;
using Banking.Simulations.Tests.Clusters;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The whole way: a silo with a lake on a real HDFS and a real metastore, and what analysts ask a real Presto.</summary>
public sealed class PrestoTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _database = $"test_{Guid.NewGuid():N}";
    private HdfsFolder? _lake;
    private PrestoSession? _presto;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _presto = new PrestoSession(await RealServers.Presto(), _database);
        _lake = new HdfsFolder(await RealServers.WebHdfs(), $"/tests/{_database}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_lake is not null)
        {
            foreach (var table in LakeReader.Tables) await Query($"drop table if exists {table}");
            await Query($"drop schema if exists {_database}");
            await _lake.DisposeAsync();
        }

        _presto?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Presto_AfterAScriptOfTheOldRoutes_AnswersTheOldQueriesAndTheTypedOnes()
    {
        var begun = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        await _lake!.MakeFolder("cash_transactions/dt=2020-01-01");
        await using var silo = await SiloProcess.Start(
            _folder.Path, SiloProcess.FreePort(), Token,
            "--Banking:Lake:Root", _lake.Root, "--Banking:Lake:User", HdfsFolder.User,
            "--Banking:Hive:Metastore", $"thrift://{await RealServers.Metastore()}", "--Banking:Hive:Database", _database);

        await OldRoutes.Play(silo.Url, Token);

        await OldRoutes.AssertQueriesAreAnswered(Query);

        // Money to the cent, and nothing where there is nothing.
        Assert.Equal(
            ["make_deposit,512.51,3", "make_withdrawal,40.00,2"],
            await Query("select event_type, sum(amount), count(amount) from cash_transactions group by event_type"));
        Assert.Equal(
            ["512.50,0.01,null,null"],
            await Query("select max(cash_balance), min(amount), max(asset_name), max(unit_price) from cash_transactions"));
        Assert.Equal(
            ["stock_a,stock,5"],
            await Query("select asset_name, asset_type, quantity from asset_transactions where event_type = 'sell_asset'"));
        Assert.Equal(
            ["0"],
            await Query("select count(*) from asset_transactions where amount is null or unit_price is null or occurred_at is null"));
        Assert.Equal(
            ["4,0,4"],
            await Query("select count(*), count(account_id), count(log_offset) from asset_prices where description = 'stock_a'"));
        Assert.Equal(["0"], await Query("select count(*) from cash_transactions where dt <> substr(timestamp, 1, 10)"));

        // Time in UTC, pushed down to the files' statistics.
        Assert.Equal(["5"], await Query($"select count(*) from cash_transactions where occurred_at >= timestamp '{begun}'"));
        Assert.Equal(["0"], await Query($"select count(*) from cash_transactions where occurred_at < timestamp '{begun}'"));

        // The day in which nothing happened is a partition too, and not one that this query looks at.
        Assert.Equal(2, (await Query("""select dt from "cash_transactions$partitions" """)).Length);
        var plan = string.Concat(await Query("explain (type io, format json) select * from cash_transactions where dt >= '2024-01-01'"));
        Assert.Contains("\"columnName\" : \"dt\"", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("2020-01-01", plan, StringComparison.Ordinal);
        Assert.Equal(0, await silo.Stop(Token));
    }

    private Task<string[]> Query(string sql) => _presto!.Query(sql, Token);
}

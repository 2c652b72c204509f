using System.Globalization;
using Banking.Servers;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The whole way: a silo with a lake on a real HDFS and a real metastore, and what analysts ask a real Presto.</summary>
public sealed class PrestoTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("banking-presto-").FullName;
    private readonly string _database = $"test_{Guid.NewGuid():N}";
    private Uri? _nameNode;
    private PrestoSession? _presto;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Root => $"/tests/{_database}";

    public async ValueTask InitializeAsync()
    {
        _presto = new PrestoSession(await RealServers.Presto(), _database);
        _nameNode = new Uri(await RealServers.WebHdfs());
    }

    public async ValueTask DisposeAsync()
    {
        if (_nameNode is not null)
        {
            string[] tables = ["asset_prices", "account_status", "asset_transactions", "cash_transactions"];
            foreach (var table in tables) await Query($"drop table if exists {table}");
            await Query($"drop schema if exists {_database}");
            await Hdfs(HttpMethod.Delete, Root, "DELETE&recursive=true");
        }

        _presto?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Presto_AfterAScriptOfTheOldRoutes_AnswersTheOldQueriesAndTheTypedOnes()
    {
        var begun = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        await Hdfs(HttpMethod.Put, $"{Root}/cash_transactions/dt=2020-01-01", "MKDIRS");
        await using var silo = await SiloProcess.Start(
            _folder, SiloProcess.FreePort(), Token,
            "--Banking:Lake:Root", $"webhdfs://{_nameNode!.Authority}{Root}", "--Banking:Lake:User", "bank",
            "--Banking:Hive:Metastore", $"thrift://{await RealServers.Metastore()}", "--Banking:Hive:Database", _database);

        await OldRoutes.Play(silo.Url, Token);

        await OldQueriesAreAnswered();

        // Money to the cent, and nothing where there is nothing.
        Assert.Equal(["make_deposit,512.51,3", "make_withdrawal,40.00,2"], await Query("select event_type, sum(amount), count(amount) from cash_transactions group by event_type"));
        Assert.Equal(["512.50,0.01,null,null"], await Query("select max(cash_balance), min(amount), max(asset_name), max(unit_price) from cash_transactions"));
        Assert.Equal(["stock_a,stock,5"], await Query("select asset_name, asset_type, quantity from asset_transactions where event_type = 'sell_asset'"));
        Assert.Equal(["0"], await Query("select count(*) from asset_transactions where amount is null or unit_price is null or occurred_at is null"));
        Assert.Equal(["4,0,4"], await Query("select count(*), count(account_id), count(log_offset) from asset_prices where description = 'stock_a'"));
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

    private async Task OldQueriesAreAnswered()
    {
        Assert.Equal(["10"], await Query("select count(*) from asset_prices"));
        Assert.Equal(
            ["make_deposit,3", "make_withdrawal,2"],
            await Query("select event_type, count(event_type) from cash_transactions group by event_type"));
        Assert.Equal(
            ["bond_a 1,1", "stock_a 10,2", "stock_a 5,1"],
            await Query("select description, count(description) from asset_transactions group by description"));
        Assert.Equal(
            ["Return price for all assets,3", "no_such_asset,1", "stock_a,4", "tpeters,2"],
            await Query("select description, count(description) from asset_prices group by description"));
        Assert.Equal(
            ["delete_account,1", "open_account,2"],
            await Query("select event_type, count(event_type) from account_status group by event_type"));
        Assert.Equal(
            [
                "make_deposit,jdoe,0.01", "make_deposit,tpeters,12.5", "make_deposit,tpeters,500.0",
                "make_withdrawal,tpeters,20.0", "make_withdrawal,tpeters,20.0",
            ],
            await Query(
                "select event_type, regexp_extract(description, '(.*) (.*)', 1) as user_id,"
                + " regexp_extract(description, '(.*) (.*)', 2) as money from cash_transactions"));
    }

    private Task<string[]> Query(string sql) => _presto!.Query(sql, Token);

    private async Task Hdfs(HttpMethod method, string path, string operation)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(_nameNode!, $"webhdfs/v1{path}?op={operation}&user.name=bank"));
        using var answer = await http.SendAsync(request, Token);
        Assert.True(answer.IsSuccessStatusCode, path);
    }
}

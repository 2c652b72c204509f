namespace Banking.Client.Tests.Querying;

public sealed class QueryCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LakeWriter _lake;

    public QueryCommandTests()
    {
        _lake = new LakeWriter(_folder["lake"]);
        Directory.CreateDirectory(_lake.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("asset_prices")]
    [InlineData("account_status")]
    [InlineData("asset_transactions")]
    [InlineData("cash_transactions")]
    public async Task Query_WhenTableHasNoFile_ThenItIsEmptyWithItsTypes(string table)
    {
        var run = await QueryAsync($"select count(*) as n, any_value(typeof(amount)) as t, sum(cash_balance) as s from {table}", "json");

        Assert.Equal((0, "[\n{\"n\":0,\"t\":null,\"s\":null}\n]\n"), (run.ExitCode, run.Out));
        var described = await QueryAsync($"select column_type from (describe {table}) where column_name in ('unit_price', 'occurred_at', 'dt')", "csv");
        Assert.Equal("column_type\r\nTIMESTAMP\r\n\"DECIMAL(18,6)\"\r\nVARCHAR\r\n", described.Out);
    }

    [Fact]
    public async Task Query_WhenFilesAreHiddenOrStaged_ThenTheyAreNotSeen()
    {
        _lake.Write("cash_transactions", "SELECT 'make_deposit' AS event_type");
        _lake.Write("cash_transactions", "SELECT 'hidden' AS event_type", name: "_x.parquet");
        _lake.Write("cash_transactions", "SELECT 'hidden' AS event_type", name: ".x.parquet");
        _lake.Write("_staging", "SELECT 'hidden' AS event_type");

        var run = await QueryAsync("select event_type, count(event_type) from cash_transactions group by event_type", "csv");

        Assert.Equal("event_type,count(event_type)\r\nmake_deposit,1\r\n", run.Out);
    }

    [Fact]
    public async Task Query_WhenADayWasCompacted_ThenItIsTheFolderOfItsNewestManifest()
    {
        _lake.Write("cash_transactions", "SELECT 'old' AS event_type", day: "2026-11-23");
        _lake.Write("cash_transactions", "SELECT 'today' AS event_type");
        _lake.Compact("cash_transactions", "SELECT 'first' AS event_type", day: "2026-11-23", generation: 9);
        _lake.Compact("cash_transactions", "SELECT 'second' AS event_type", day: "2026-11-23", generation: 10);
        _lake.Compact("cash_transactions", "SELECT 'cleaned' AS event_type", day: "2026-11-20", generation: 1);
        Directory.CreateDirectory(Path.Combine(_lake.Path, "_compactions", "cash_transactions", "dt=2026-11-19"));

        var run = await QueryAsync("select event_type, dt from cash_transactions order by dt", "csv");

        Assert.Equal("event_type,dt\r\ncleaned,2026-11-20\r\nsecond,2026-11-23\r\ntoday,2026-11-24\r\n", run.Out);
    }

    [Fact]
    public async Task Query_WhenAManifestIsBroken_ThenSaysSo()
    {
        _lake.Compact("cash_transactions", "SELECT 'first' AS event_type", day: "2026-11-23", generation: 1);
        var manifest = Directory.GetFiles(Path.Combine(_lake.Path, "_compactions"), "*", SearchOption.AllDirectories).Single(file => Path.GetFileName(file) != "sealed");
        await File.WriteAllTextAsync(manifest, "{}", TestContext.Current.CancellationToken);

        var run = await QueryAsync("select 1 from cash_transactions", "csv");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{manifest} is no manifest of a compaction: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenFilesDifferInColumns_ThenMissingOnesAreNull()
    {
        _lake.Write("cash_transactions", "SELECT 'old' AS event_type", day: "2026-11-23");
        _lake.Write("cash_transactions", "SELECT 'new' AS event_type, 12.50::DECIMAL(18,2) AS amount, TIMESTAMP '2026-11-24 01:02:03.004' AS occurred_at");

        var run = await QueryAsync("select dt, event_type, amount, occurred_at from cash_transactions order by dt", "json");

        Assert.Equal(
            "[\n{\"dt\":\"2026-11-23\",\"event_type\":\"old\",\"amount\":null,\"occurred_at\":null},\n"
            + "{\"dt\":\"2026-11-24\",\"event_type\":\"new\",\"amount\":12.50,\"occurred_at\":\"2026-11-24T01:02:03.004\"}\n]\n",
            run.Out);
    }

    [Fact]
    public async Task Query_WhenSeedsRegexIsRun_ThenItAnswers()
    {
        _lake.Write("cash_transactions", "SELECT 'make_deposit' AS event_type, 'tpeters 200.0' AS description");

        var run = await QueryAsync(
            "select event_type, regexp_extract(description, '(.*) (.*)', 1) as user_id, regexp_extract(description, '(.*) (.*)', 2) as money from cash_transactions;", "csv");

        Assert.Equal("event_type,user_id,money\r\nmake_deposit,tpeters,200.0\r\n", run.Out);
    }

    [Theory]
    [InlineData("sum(x)", "select 1.50::decimal(18,2) as x union all select 2.50", "4.00")]
    [InlineData("x", "select 12345678901234567890123456789012345.678::decimal(38,3) as x", "12345678901234567890123456789012345.678")]
    [InlineData("x", "select -0.05::decimal(4,2) as x", "-0.05")]
    [InlineData("x", "select 170141183460469231731687303715884105727::hugeint as x", "170141183460469231731687303715884105727")]
    [InlineData("x", "select interval '1 month 3 day' as x", "P1M3D")]
    [InlineData("x", "select [1.50, 2.00] as x", "\"[1.50,2.00]\"")]
    [InlineData("x", "select {'a': 1, 'b': {'c': 'd'}} as x", "\"{\"\"a\"\":1,\"\"b\"\":{\"\"c\"\":\"\"d\"\"}}\"")]
    [InlineData("x", "select map {'a': 1.5, 'b': 2} as x", "\"{\"\"a\"\":1.5,\"\"b\"\":2.0}\"")]
    [InlineData("to_json(x)", "select [1.50, null] as x", "\"[1.5,null]\"")]
    [InlineData("x", "select 'a\"b,c' as x", "\"a\"\"b,c\"")]
    [InlineData("x", "select '' as x", "\"\"")]
    [InlineData("x", "select null as x", "")]
    public async Task Query_WhenValueIsUncommon_ThenCsvHoldsItExactly(string column, string source, string expected)
    {
        var run = await QueryAsync($"select {column} as c from ({source})", "csv");

        Assert.Equal($"c\r\n{expected}\r\n", run.Out);
    }

    [Fact]
    public async Task Query_WhenSqlComesFromInput_ThenItIsRunAsTable()
    {
        var run = await CommandRun.WithInputAsync("select 41 + 1 as answer", "query", "-", "--lake", _lake.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("answer", run.Out, StringComparison.Ordinal);
        Assert.Contains("42", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 row", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenResultIsLong_ThenEveryRowIsInTheTable()
    {
        var run = await QueryAsync("select range as r from range(2500)", "table");

        Assert.Contains(" 2499 ", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("2500 rows\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("copy (select 1) to '{lake}/evil.parquet'")]
    [InlineData("copy (select 1) to '{outside}/evil.csv'")]
    [InlineData("explain analyze copy (select 1) to '{lake}/evil.parquet'")]
    [InlineData("export database '{lake}/evil'")]
    [InlineData("/* x */ export database '{lake}/evil'")]
    [InlineData("explain export database '{lake}/evil'")]
    [InlineData("select 1; export database '{lake}/evil'")]
    [InlineData("attach '{lake}/evil.db'")]
    [InlineData("select 1; copy (select 1) to '{lake}/evil.parquet'")]
    [InlineData("select * from read_text('{outside}/secret.txt')")]
    [InlineData("select * from read_text('{lake}/../secret.txt')")]
    [InlineData("select * from glob('{outside}/*')")]
    [InlineData("set enable_external_access = true")]
    [InlineData("install httpfs")]
    [InlineData("drop view cash_transactions")]
    [InlineData("select")]
    [InlineData("selec 1")]
    [InlineData("")]
    [InlineData("-- nothing")]
    public async Task Query_WhenStatementDoesMoreThanReadTheLake_ThenItIsRefusedInASentence(string sql)
    {
        await File.WriteAllTextAsync(_folder["secret.txt"], "secret", TestContext.Current.CancellationToken);

        var run = await QueryAsync(sql.Replace("{lake}", _lake.Path).Replace("{outside}", _folder.Path), "csv");

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.NotEqual("", run.Error.Trim());
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_lake.Path));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(_folder.Path).Count());
    }

    [Fact]
    public async Task Query_WhenValueCantBeRead_ThenItSaysWhatToSelectInstead()
    {
        var run = await QueryAsync("select [null, 1] as x", "csv");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("select to_json(x)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenThereIsNoLake_ThenItSaysSo()
    {
        var run = await CommandRun.OfAsync("query", "select 1", "--lake", _folder["nowhere"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("There is no lake at", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> QueryAsync(string sql, string format) => CommandRun.OfAsync("query", sql, "--lake", _lake.Path, "--format", format);
}

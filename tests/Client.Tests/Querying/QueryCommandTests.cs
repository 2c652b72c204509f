namespace Banking.Client.Tests.Querying;

public sealed class QueryCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LakeWriter _lake;

    public QueryCommandTests()
    {
        _lake = new LakeWriter(_folder.File("lake"));
        Directory.CreateDirectory(Path.Combine(_lake.Path, "_lake"));
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
        var described = await QueryAsync(
            $"select column_type from (describe {table}) where column_name in ('unit_price', 'occurred_at', 'dt')", "csv");
        Assert.Equal("column_type\nTIMESTAMP\n\"DECIMAL(18,6)\"\nVARCHAR\n", described.Out);
    }

    [Fact]
    public async Task Query_WhenFilesAreHiddenOrStaged_ThenTheyAreNotSeen()
    {
        _lake.Write("cash_transactions", "SELECT 'make_deposit' AS event_type");
        _lake.Write("cash_transactions", "SELECT 'hidden' AS event_type", name: "_x.parquet");
        _lake.Write("cash_transactions", "SELECT 'hidden' AS event_type", name: ".x.parquet");
        _lake.Write("_staging", "SELECT 'hidden' AS event_type");

        var run = await QueryAsync("select event_type, count(event_type) from cash_transactions group by event_type", "csv");

        Assert.Equal("event_type,count(event_type)\nmake_deposit,1\n", run.Out);
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

        Assert.Equal("event_type,dt\ncleaned,2026-11-20\nsecond,2026-11-23\ntoday,2026-11-24\n", run.Out);
    }

    [Fact]
    public async Task Query_WhenTheManifestsOfACleanedDayAreLost_ThenSaysSoInsteadOfAPartOfTheDay()
    {
        _lake.Write("cash_transactions", "SELECT 'rest' AS event_type", day: "2026-11-23");
        var day = Path.Combine(_lake.Path, "cash_transactions", "dt=2026-11-23");
        await File.WriteAllTextAsync(Path.Combine(day, "_compacted"), "{}", TestContext.Current.CancellationToken);

        var run = await QueryAsync("select count(*) from cash_transactions", "csv");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{day} was cleaned after it was compacted, but ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenAManifestIsBroken_ThenSaysSo()
    {
        _lake.Compact("cash_transactions", "SELECT 'first' AS event_type", day: "2026-11-23", generation: 1);
        var manifest = Directory.GetFiles(Path.Combine(_lake.Path, "_compactions"), "*", SearchOption.AllDirectories)
            .Single(file => Path.GetFileName(file) != "sealed");
        await File.WriteAllTextAsync(manifest, "{}", TestContext.Current.CancellationToken);

        var run = await QueryAsync("select 1 from cash_transactions", "csv");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{manifest} is no manifest of a compaction: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenFilesDifferInColumns_ThenMissingOnesAreNull()
    {
        _lake.Write("cash_transactions", "SELECT 'old' AS event_type", day: "2026-11-23");
        _lake.Write(
            "cash_transactions",
            "SELECT 'new' AS event_type, 12.50::DECIMAL(18,2) AS amount, TIMESTAMP '2026-11-24 01:02:03.004' AS occurred_at");

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
            "select event_type, regexp_extract(description, '(.*) (.*)', 1) as user_id, regexp_extract(description, '(.*) (.*)', 2) as "
                + "money from cash_transactions;", "csv");

        Assert.Equal("event_type,user_id,money\nmake_deposit,tpeters,200.0\n", run.Out);
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
    [InlineData("x", "select 500::double as x", "500.0")]
    [InlineData("x", "select [500::float, 1e300::double] as x", "\"[500.0,1E+300]\"")]
    [InlineData("current_setting('TimeZone')", "select 1 as x", "UTC")]
    [InlineData("x", "select timestamptz '2026-11-24 01:02:03+09' as x", "2026-11-23T16:02:03Z")]
    public async Task Query_WhenValueIsUncommon_ThenCsvHoldsItExactly(string column, string source, string expected)
    {
        var run = await QueryAsync($"select {column} as c from ({source})", "csv");

        Assert.Equal($"c\n{expected}\n", run.Out);
    }

    [Theory]
    [InlineData("Asia/Tokyo")]
    [InlineData("America/New_York")]
    public async Task Query_WhenTheMachineHasAnotherZone_ThenTheLastHourIsTheLastHour(string zone)
    {
        var now = TimeProvider.System.GetUtcNow();
        _lake.Write(
            "cash_transactions", $"SELECT 'new' AS event_type, TIMESTAMP '{now.AddMinutes(-5):yyyy-MM-dd HH:mm:ss}' AS occurred_at");
        _lake.Write(
            "cash_transactions", $"SELECT 'old' AS event_type, TIMESTAMP '{now.AddMinutes(-65):yyyy-MM-dd HH:mm:ss}' AS occurred_at");

        var run = await ClientProcess.RunAsync(
            new() { ["TZ"] = zone }, "query",
            "select event_type from cash_transactions where occurred_at >= current_timestamp - interval '1' hour",
            "--lake", _lake.Path, "--format", "csv");

        Assert.Equal((0, "event_type\nnew\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task Query_WhenAZoneIsAskedFor_ThenItIsShownAndNotCountedIn()
    {
        var run = await CommandRun.OfAsync(
            "query",
            "select timestamp '2026-11-24 01:02:03.5' as a, timestamptz '2026-07-24 01:02:03+00' as b,"
            + " [timestamp '2026-07-24 23:00:00'] as c,"
            + " date '2026-11-24' as d, cast(timestamptz '2026-11-24 00:30:00+00' as date) as e",
            "--lake", _lake.Path, "--format", "csv", "--time-zone", "America/New_York");

        Assert.Equal(
            "a,b,c,d,e\n2026-11-23T20:02:03.5-05:00,2026-07-23T21:02:03-04:00,\"[\"\"2026-07-24T19:00:00-04:00\"\"]\","
                + "2026-11-24,2026-11-24\n",
            run.Out);
    }

    [Fact]
    public async Task Query_WhenSqlBeginsWithAByteOrderMark_ThenItIsRun()
    {
        var run = await CommandRun.WithInputAsync("\uFEFFselect 1 as n\r\n", "query", "-", "--lake", _lake.Path, "--format", "csv");

        Assert.Equal((0, "n\n1\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Query_WhenFoldersAboveTheLakeLookLikePartitions_ThenNoColumnIsTheirs()
    {
        var lake = new LakeWriter(_folder.File("host=eu1/dt=2020-01-01/region=x/la[ke"));
        lake.Write("cash_transactions", "SELECT 'a' AS event_type, 'h' AS host", day: "2026-11-23");
        lake.Write("cash_transactions", "SELECT 'b' AS event_type, 'h' AS host");
        lake.Write("account_status", "SELECT 'a' AS event_type, 'h' AS host", day: "2026-11-23");
        lake.Compact("account_status", "SELECT 'c' AS event_type, 'h' AS host", day: "2026-11-22", generation: 1);

        var cash = await CommandRun.OfAsync(
            "query", "select columns(c -> c in ('event_type', 'host', 'dt', 'region')) from cash_transactions order by dt", "--lake",
            lake.Path, "--format", "csv");
        var status = await CommandRun.OfAsync(
            "query", "select event_type, host, dt from account_status order by dt", "--lake", lake.Path, "--format", "csv");

        Assert.Equal("host,event_type,dt\nh,a,2026-11-23\nh,b,2026-11-24\n", cash.Out + cash.Error);
        Assert.Equal("event_type,host,dt\nc,h,2026-11-22\na,h,2026-11-23\n", status.Out + status.Error);
    }

    [Fact]
    public async Task Query_WhenADayIsNamed_ThenOnlyItsFilesAreRead()
    {
        for (var day = 20; day < 24; day++) _lake.Write("cash_transactions", "SELECT 'a' AS event_type", day: $"2026-11-{day}");

        var run = await QueryAsync(
            "explain select event_type from cash_transactions where dt >= '2026-11-22' and dt < '2026-11-23'", "csv");

        Assert.Contains("Scanning Files: 1/4", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenTheFolderIsNoLake_ThenItSaysSoAndWhereOneIs()
    {
        Directory.CreateDirectory(_folder.File("empty"));

        var none = await CommandRun.OfAsync("query", "select count(*) from cash_transactions", "--lake", _folder.File("empty"));
        var above = await CommandRun.OfAsync("query", "select count(*) from cash_transactions", "--lake", _folder.Path);
        var verify = await CommandRun.OfAsync("verify", "--lake", _folder.File("empty"));

        Assert.Equal(
            (
                1,
                "",
                $"{_folder.File("empty")} is no lake: it has no _lake in it and no table's folder. "
                    + "Name the lake's folder with --lake.\n"),
            (none.ExitCode, none.Out, none.Error));
        Assert.Equal(
            (1, "", $"{_folder.Path} is no lake: it has no _lake in it and no table's folder. Did you mean {_lake.Path}?\n"),
            (above.ExitCode, above.Out, above.Error));
        Assert.Equal((1, none.Error), (verify.ExitCode, verify.Error));
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
        await File.WriteAllTextAsync(_folder.File("secret.txt"), "secret", TestContext.Current.CancellationToken);

        var run = await QueryAsync(sql.Replace("{lake}", _lake.Path).Replace("{outside}", _folder.Path), "csv");

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.NotEqual("", run.Error.Trim());
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            [Path.Combine(_lake.Path, "_lake")], Directory.EnumerateFileSystemEntries(_lake.Path, "*", SearchOption.AllDirectories));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(_folder.Path).Count());
    }

    private Task<CommandRun> QueryAsync(string sql, string format) =>
        CommandRun.OfAsync("query", sql, "--lake", _lake.Path, "--format", format);
}

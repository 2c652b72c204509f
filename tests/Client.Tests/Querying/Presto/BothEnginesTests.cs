namespace Banking.Client.Tests.Querying.Presto;

/// <summary>
/// The same SQL over the same Parquet files, once by DuckDB over a folder and once by a real Presto over HDFS: what the client writes must
/// be the same bytes.
/// </summary>
public sealed class BothEnginesTests(TwoLakes lakes) : IClassFixture<TwoLakes>
{
    private static readonly string[] Formats = ["csv", "json", "table"];

    [Fact]
    public async Task Query_WhenSqlIsTheSame_ThenBothEnginesWriteTheSameBytes()
    {
        string[] queries =
        [
            // What the analysts of the old pipeline ran; DuckDB names a column without a name otherwise, so those have one here.
            "select count(*) as n from asset_prices;",
            "select event_type, count(event_type) as n from cash_transactions group by event_type order by event_type;",
            "select description, count(description) as n from asset_transactions group by description;",
            "select event_type, regexp_extract(description, '(.*) (.*)', 1) as user_id, regexp_extract(description, '(.*) (.*)', 2) as "
                + "money from cash_transactions order by description;",

            "select dt, log_partition, log_offset, event_id, account_id, sequence_number, action_id, occurred_at, amount, cash_balance, "
                + "raw_event, content_length, accept"
                + " from cash_transactions order by dt, sequence_number, account_id",
            "select sum(amount) as total, min(amount) as low, max(cash_balance) as high, avg(sequence_number) as mean, count(distinct "
                + "account_id) as accounts from cash_transactions",
            "select quantity * unit_price as worth, quantity, unit_price, amount from asset_transactions",
            "select account_id from cash_transactions where occurred_at >= timestamp '2026-11-24 01:02:03.450' and occurred_at < "
                + "timestamp '2026-11-24 02:00:00'",
            "select account_id, dt from cash_transactions where dt = '2026-11-23' and amount > 199.99",
            "select event_type from account_status where amount is null and quantity is null and occurred_at is null",
            "select account_id from cash_transactions where 1 = 0",
        ];

        foreach (var sql in queries) await AssertSameAsync(sql);
    }

    [Fact]
    public async Task Query_WhenValuesAreOfEveryType_ThenBothEnginesWriteTheSameBytes()
    {
        var sent = await AssertSameAsync(
            "select * from (select n, yes, tiny, small, big, whole, money, price, long_money, ratio, rough, word, bytes, day, moment, dt "
                + "from every_type) t order by n");

        // What both could get wrong together.
        Assert.Contains(
            "1,true,127,32767,9223372036854775807,999999999999999999,1234567890123456.78,123456789012.345678,"
                + "1234567890123456789012345678.0123456789,0.1,0.1,\"it's \"\"so\"\", ä\",414200ff,"
                + "2026-11-24,2026-11-24T01:02:03.004,2026-11-24\n",
            sent,
            StringComparison.Ordinal);
        Assert.Contains("\n5,,,,,,,,,,,,,,,2026-11-24\n", sent, StringComparison.Ordinal);
        Assert.Contains(",NaN,NaN,\"\",\"\",1969-12-31,1969-12-31T23:59:59.999,", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenValuesAreNested_ThenBothEnginesWriteTheSameJson() =>
        await AssertSameAsync("select n, prices, counts, nested, moments from every_type order by n");

    [Fact]
    public async Task Query_WhenDoublesAreWhole_ThenBothEnginesWriteThemWithAPoint() =>
        Assert.Equal("a,b\n500.0,1E+21\n", await AssertSameAsync("select cast(500 as double) as a, 1e21 as b"));

    [Fact]
    public async Task Query_WhenAZoneIsAskedFor_ThenBothEnginesShowItAndCountInUtc()
    {
        var sent = await AssertSameAsync(
            "select occurred_at, dt from cash_transactions where occurred_at = timestamp '2026-11-24 00:00:00'", "--time-zone",
            "Asia/Tokyo");

        Assert.Equal("occurred_at,dt\n2026-11-24T09:00:00+09:00,2026-11-24\n", sent);
    }

    private async Task<string> AssertSameAsync(string sql, params string[] more)
    {
        await lakes.OpenAsync();
        var first = "";
        foreach (var format in Formats)
        {
            var local = await CommandRun.OfAsync(["query", Local(sql), "--lake", lakes.Folder, "--format", format, .. more]);
            var presto = await CommandRun.OfAsync(["query", sql, "--format", format, .. more, .. lakes.Options]);

            Assert.Equal((0, ""), (local.ExitCode, local.Error));
            Assert.Equal((0, ""), (presto.ExitCode, presto.Error));
            Assert.Equal(local.Out, presto.Out);
            if (format == "csv") first = presto.Out;
        }

        return first;
    }

    // A table that the lake does not have is a file to DuckDB.
    private string Local(string sql) => sql.Replace(
        $"from {TypedTable.Name}",
        $"from read_parquet('{lakes.Folder}/{TypedTable.Name}/*/*.parquet', hive_partitioning = true, hive_types = {{'dt': VARCHAR}})",
        StringComparison.Ordinal);
}

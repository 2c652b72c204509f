using System.Globalization;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests;

/// <summary>What another engine sees in the files.</summary>
public sealed class LakeFilesTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Query_WhenEventsOfAllTypesWereDrained_ThenEachTableHasItsOwn()
    {
        _fixture.Log.Add(Json.Open("a", 1), Json.Noon);
        for (var i = 2; i < 12; i++) _fixture.Log.Add(Json.Deposit("a", i), Json.Noon + i);
        for (var i = 12; i < 17; i++) _fixture.Log.Add(Json.Trade("a", i), Json.Noon + i);
        for (var i = 0; i < 7; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon + i);
        var sink = await _fixture.OpenAsync();

        await sink.DrainAsync();

        Assert.Equal(
            [1, 10, 5, 7],
            new[] { "account_status", "cash_transactions", "asset_transactions", "asset_prices" }.Select(_fixture.Lake.Count));
    }

    [Fact]
    public async Task Query_WhenADepositWasDrained_ThenEveryColumnIsRight()
    {
        _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        _fixture.Log.Add(Json.Deposit("zoë", 7, 200.25m), Json.Noon + 123);
        await (await _fixture.OpenAsync()).DrainAsync();

        var row = _fixture.Lake.Query("cash_transactions", "select * from {table}")[0].Select(value => value switch
        {
            null => "null",
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        });

        Assert.Equal(
            [
                System.Text.Encoding.UTF8.GetString(
                    Json.Deposit("zoë", 7, 200.25m)), "2026-11-23 12:00:00.123", "*/*", "user1.comcast.com", "ApacheBench/2.3",
                "make_deposit", "zoë 200.25", "35", "null", "null", "application/json", "account/zoë/7", "zoë", "7", "a-7",
                "2026-11-23T12:00:00.0070000", "null", "null", "null", "null",
                "200.25", "1401.75", "0", "1", "2026-11-23",
            ],
            row);
    }

    [Fact]
    public async Task Query_WhenOnlySomeEventsHaveAHeader_ThenItIsNullInTheOthersAndEmptyWhereItWasEmpty()
    {
        _fixture.Log.Add(Json.Bytes("""{"event_type":"make_deposit","Host":"h","Connection":"close"}"""), Json.Noon);
        _fixture.Log.Add(Json.Bytes("""{"event_type":"make_deposit","Connection":""}"""), Json.Noon);
        _fixture.Log.Add(Json.Bytes("""{"event_type":"make_deposit","description":"a 1.0"}"""), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();

        var rows = _fixture.Lake.Query("cash_transactions", "select host, connection, description from {table} order by log_offset");

        Assert.Equal([["h", "close", null], [null, "", null], [null, null, "a 1.0"]], rows);
    }

    [Fact]
    public async Task Query_WhenFilteredByTime_ThenStatisticsDoNotHideRows()
    {
        for (var i = 1; i <= 1000; i++) _fixture.Log.Add(Json.Deposit("a", i, 0.01m), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();

        var late = _fixture.Lake.Scalar<long>(
            "cash_transactions", "select count(*) from {table} where occurred_at >= timestamp '2026-11-23 12:00:00.900'");

        Assert.Equal(100, late);
    }

    [Fact]
    public async Task Metadata_WhenAFileWasWritten_ThenItsStatisticsAreTheColumnsRange()
    {
        for (var i = 1; i <= 500; i++) _fixture.Log.Add(Json.Deposit("a", i, 0.01m), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();

        var stats = _fixture.Lake.Query(
            "cash_transactions",
            "select min(stats_min_value), max(stats_max_value) from parquet_metadata({files}) where path_in_schema = 'occurred_at'")[0];

        Assert.Equal(["2026-11-23 12:00:00.001", "2026-11-23 12:00:00.5"], stats);
    }

    [Fact]
    public async Task Query_WhenMoneyIsSummed_ThenItIsRightToTheCent()
    {
        for (var i = 1; i <= 3000; i++) _fixture.Log.Add(Json.Deposit("a", i, 0.1m * i), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(450_150.0m, _fixture.Lake.Scalar<decimal>("cash_transactions", "select sum(amount) from {table}"));
    }
}

using Banking.Lake.Tables;
using Banking.Sink.Partitions;
using Banking.Sink.Tests.Support;
using Banking.Streaming.Log;

namespace Banking.Sink.Tests.Partitions;

public sealed class PartitionSinkTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task TakeAsync_WhenABatchIsDeliveredTwice_ThenItsRowsAreThereOnce()
    {
        for (var i = 0; i < 10; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        var sink = await _fixture.OpenAsync();
        await sink.TakeAsync(_fixture.Log.Batch(0, 6));
        await sink.TakeAsync(_fixture.Log.Batch(3, 7));

        await sink.FlushAsync(9);

        Assert.Equal(10, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task TakeAsync_WhenTheStreamLeftRecordsOut_ThenTheyAreReadFromTheLog()
    {
        for (var i = 0; i < 10; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        var sink = await _fixture.OpenAsync();
        await sink.TakeAsync(_fixture.Log.Batch(7, 3));

        await sink.FlushAsync(9);

        Assert.Equal(10, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task TakeAsync_WhenAnEventComesAgain_ThenItIsDroppedAndCounted()
    {
        foreach (var sequence in new[] { 1, 2, 1, 2, 3 }) _fixture.Log.Add(Json.Deposit("a", sequence), Json.Noon);
        var sink = await _fixture.OpenAsync();

        await sink.DrainAsync();

        Assert.Equal((3, 2), (_fixture.Lake.Count("cash_transactions"), (await sink.StatusAsync()).DuplicatesDropped));
    }

    [Fact]
    public async Task TakeAsync_WhenAnEventComesAgainAfterARestart_ThenItIsDropped()
    {
        foreach (var sequence in new[] { 1, 2, 3 }) _fixture.Log.Add(Json.Deposit("a", sequence), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();
        foreach (var sequence in new[] { 2, 3, 4 }) _fixture.Log.Add(Json.Deposit("a", sequence), Json.Noon);

        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(4, _fixture.Lake.Count("cash_transactions"));
    }

    [Fact]
    public async Task TakeAsync_WhenRecordsAreNoEvents_ThenTheyAreCountedAndPassed()
    {
        _fixture.Log.Add(Json.Bytes("garbage"), Json.Noon);
        _fixture.Log.Add(Json.Bytes("""{"event_type":"unheard_of"}"""), Json.Noon);
        _fixture.Log.Add(Json.Bytes("""{"event_type":"default"}"""), Json.Noon);
        var sink = await _fixture.OpenAsync();

        await sink.DrainAsync();

        var status = await sink.StatusAsync();
        Assert.Equal((2, 3, 3), (status.Unreadable, status.NextOffset, status.DurableOffset));
    }

    [Fact]
    public async Task TickAsync_WhenNoRowCameForAWhile_ThenWhatWaitsIsCommitted()
    {
        var sink = await OpenWithOneRowAsync();
        _fixture.Time.Advance(_fixture.Options.MaxIdle);

        await sink.TickAsync();
        await sink.FlushAsync(0);

        Assert.Equal(1, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task TickAsync_WhenTheRowIsYoung_ThenItWaitsAndTheOffsetIsNotCommitted()
    {
        var sink = await OpenWithOneRowAsync();
        _fixture.Time.Advance(_fixture.Options.MaxIdle - TimeSpan.FromTicks(1));

        await sink.TickAsync();

        Assert.Equal((1, 0), ((await sink.StatusAsync()).BufferedRows, _fixture.Log.Committed));
    }

    [Fact]
    public async Task TickAsync_WhenOnlyOtherRecordsCame_ThenTheCommittedOffsetFollows()
    {
        var sink = await OpenWithOneRowAsync();
        await sink.FlushAsync(0);
        for (var i = 0; i < 5; i++) _fixture.Log.Add(Json.Bytes("""{"event_type":"default"}"""), Json.Noon);
        await sink.TakeAllAsync();

        await sink.TickAsync();

        Assert.Equal(6, _fixture.Log.Committed);
    }

    [Fact]
    public async Task TickAsync_WhenTheOffsetStandsStill_ThenItIsCommittedAgainAfterAnHour()
    {
        var sink = await _fixture.OpenAsync();
        await sink.TickAsync();
        _fixture.Time.Advance(GroupOffsets.RenewAfter - TimeSpan.FromSeconds(1));
        await sink.TickAsync();
        Assert.Equal(1, _fixture.Log.Commits);

        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await sink.TickAsync();

        Assert.Equal(2, _fixture.Log.Commits);
    }

    [Fact]
    public async Task DrainAsync_WhenTheDayChanges_ThenEachDayHasItsFile()
    {
        const long Midnight = Json.Noon + (12 * 3600 * 1000);
        _fixture.Time.Advance(TimeSpan.FromDays(1));
        foreach (var at in new[] { Midnight - 2, Midnight - 1, Midnight, Midnight - 1, Midnight + 1 }) _fixture.Log.Add(Json.Inquiry(), at);

        await (await _fixture.OpenAsync()).DrainAsync();

        var days = _fixture.Lake.Query("asset_prices", "select dt, count(*) from {table} group by 1 order by 1");
        Assert.Equal(
            [(new DateOnly(2026, 11, 23), 2L), (new DateOnly(2026, 11, 24), 3L)], days.Select(row => ((DateOnly)row[0]!, (long)row[1]!)));
    }

    [Fact]
    public async Task DrainAsync_WhenARecordIsFromTheFuture_ThenItIsTodays()
    {
        _fixture.Log.Add(Json.Inquiry(), long.MaxValue);

        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(new DateOnly(2026, 11, 23), _fixture.Lake.Query("asset_prices", "select dt from {table}")[0][0]);
    }

    [Fact]
    public async Task OpenAsync_WhenTheLakeIsAheadOfTheLog_ThenRefuses()
    {
        for (var i = 0; i < 3; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();
        _fixture.Log = new MemoryLog();

        var refusal = await Assert.ThrowsAsync<LakeAheadOfLogException>(() => _fixture.OpenAsync());

        Assert.Contains("up to offset 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_WhenTheLogIsAnother_ThenItsChainsBeginAnew()
    {
        for (var i = 0; i < 3; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();
        _fixture.Log = new MemoryLog("log2");
        _fixture.Log.Add(Json.Inquiry(), Json.Noon);

        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(4, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task OpenAsync_WhenATableIsIdle_ThenGoesOnWhereTheLakeSaysThatNothingIsMissing()
    {
        _fixture.Log.Add(Json.Open("a", 1), Json.Noon);
        for (var i = 0; i < 9; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        var first = await _fixture.OpenAsync();
        await first.DrainAsync();
        await first.TickAsync();

        _fixture.Log.Committed = null;

        var second = await _fixture.OpenAsync();

        Assert.Equal(10, (await second.StatusAsync()).NextOffset);
    }

    [Fact]
    public async Task FlushAsync_WhenTheStreamIsBehind_ThenWaitsForIt()
    {
        _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        var sink = await _fixture.OpenAsync();
        var flush = sink.FlushAsync(0);
        Assert.False(flush.IsCompleted);

        await sink.TakeAllAsync();
        await flush;

        Assert.Equal(1, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task FlushAsync_WhenTheStreamNeverComes_ThenTimesOut()
    {
        var sink = await _fixture.OpenAsync();

        var flush = sink.FlushAsync(0);

        await Assert.ThrowsAsync<TimeoutException>(() => new[] { _fixture.Time }.RunUntilAsync(flush));
    }

    [Fact]
    public async Task CloseAsync_WhenRowsWait_ThenTheyAreCommittedAndTheOffsetToo()
    {
        var sink = await OpenWithOneRowAsync();

        await sink.CloseAsync();

        Assert.Equal((1, 1), (_fixture.Lake.Count("asset_prices"), _fixture.Log.Committed));
    }

    /// <remarks>A silo that is killed disposes its grains while they close.</remarks>
    [Fact]
    public async Task CloseAsync_WhenDisposedBefore_ThenNothingIsSaidToBeDurable()
    {
        var sink = await OpenWithOneRowAsync();
        await sink.KillAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(sink.CloseAsync);

        Assert.Equal((0, null), ((await sink.StatusAsync()).DurableOffset, _fixture.Log.Committed));
    }

    [Fact]
    public async Task Queries_WhenTheSeedsAnalystsAsk_ThenTheirCountsAreRight()
    {
        for (var i = 1; i <= 26; i++) _fixture.Log.Add(Json.Trade("a", i), Json.Noon);
        for (var i = 27; i <= 30; i++) _fixture.Log.Add(Json.Deposit("tpeters", i, 200.0m), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();

        var assets = _fixture.Lake.Query("asset_transactions", "select description, count(description) from {table} group by description");
        var cash = _fixture.Lake.Query(
            "cash_transactions",
            "select event_type, regexp_extract(description, '(.*) (.*)', 1) as user_id, regexp_extract(description, '(.*) (.*)', 2) as "
                + "money from {table}");

        Assert.Equal(["stock_a 10", 26L], assets.Single());
        Assert.Equal(4, cash.Count(row => row.SequenceEqual(["make_deposit", "tpeters", "200.0"])));
    }

    [Fact]
    public async Task TakeAsync_WhenNothingCanBeCommitted_ThenTheBatchWaitsAndIsGivenBack()
    {
        _fixture.Options.MaxBufferedBytes = 1000;
        for (var i = 0; i < 200; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        await _fixture.OpenAsync();
        var sink = await _fixture.OpenAsync(new FailingStore(_fixture.Store, int.MaxValue));
        await sink.TakeAsync(_fixture.Log.Batch(0, 100));

        var take = sink.TakeAsync(_fixture.Log.Batch(100, 100));

        await Assert.ThrowsAsync<TimeoutException>(() => new[] { _fixture.Time }.RunUntilAsync(take));
        Assert.Equal((100, 0), ((await sink.StatusAsync()).NextOffset, (await sink.StatusAsync()).DurableOffset));
    }

    [Fact]
    public async Task FlushAsync_WhenTheDiskWasFullForAWhile_ThenNothingIsLostOrLeftBehind()
    {
        for (var i = 1; i <= 50; i++) _fixture.Log.Add(Json.Deposit("a", i), Json.Noon);
        await _fixture.OpenAsync();
        var sink = await _fixture.OpenAsync(new FailingStore(_fixture.Store, 4));
        await sink.TakeAllAsync();

        await new[] { _fixture.Time }.RunUntilAsync(sink.FlushAsync(49));

        Assert.Equal(
            LakeAudit.Expected(_fixture.Log, LakeTables.CashTransactions), LakeAudit.Actual(_fixture, LakeTables.CashTransactions));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_fixture.Root, "_staging"), "*", SearchOption.AllDirectories));
    }

    private async Task<TestSink> OpenWithOneRowAsync()
    {
        _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        var sink = await _fixture.OpenAsync();
        await sink.TakeAllAsync();
        return sink;
    }
}

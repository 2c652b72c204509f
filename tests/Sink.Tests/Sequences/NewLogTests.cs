using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Sequences;

/// <summary>A log that was made anew gets events again that the lake has from the one before.</summary>
public sealed class NewLogTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task DrainAsync_WhenAnOutboxPublishesAgainToANewLog_ThenTheEventsAreInTheLakeOnce(bool isSaved, bool isRestarted)
    {
        await FillAsync("log1", 1, 10, isSaved);
        await FillAsync("log2", 9, 12, isSaved);
        if (isRestarted) await FillAsync("log2", 11, 13, isSaved, _fixture.Log);

        await FillAsync("log3", 10, 15, isSaved);

        Assert.Equal(Enumerable.Range(1, 15).Select(i => (long)i), Numbers());
    }

    [Fact]
    public async Task DrainAsync_WhenTheClaimsAndSavesAreGone_ThenTheFilesSayIt()
    {
        await FillAsync("log1", 1, 10, isSaved: true);
        Directory.Delete(Path.Combine(_fixture.Root, "_chains"), recursive: true);
        Directory.Delete(Path.Combine(_fixture.Root, "_sequences"), recursive: true);

        await FillAsync("log2", 10, 12, isSaved: true);

        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), Numbers());
    }

    [Fact]
    public async Task OpenAsync_WhenTheNewLogHasMorePartitions_ThenOnlyAccountsOfThisOneAreKept()
    {
        await FillAsync("log1", 1, 10, isSaved: true);
        _fixture.Log = new MemoryLog("log2") { PartitionCount = 1000 };
        for (var i = 10; i <= 12; i++) _fixture.Log.Add(Json.Deposit("a", i), Json.Noon);

        // The account lies elsewhere by its id: its events here are nobody's doubles.
        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(13, _fixture.Lake.Count("cash_transactions"));
    }

    private List<long> Numbers() =>
        [.. _fixture.Lake.Query("cash_transactions", "select sequence_number from {table} order by 1").Select(row => (long)row[0]!)];

    private async Task FillAsync(string log, int first, int last, bool isSaved, MemoryLog? existing = null)
    {
        _fixture.Log = existing ?? new MemoryLog(log);
        for (var i = first; i <= last; i++) _fixture.Log.Add(Json.Deposit("a", i), Json.Noon);
        var sink = await _fixture.OpenAsync();
        await sink.DrainAsync();
        if (isSaved) await sink.CloseAsync();
    }
}

using Banking.Events;
using Banking.Lake.Files;
using Banking.Sink.Numbers;
using Banking.Sink.Tests.Support;
using Banking.Streaming.Log;
using CsCheck;

namespace Banking.Sink.Tests.Partitions;

/// <summary>Numbers that come again: doubles are dropped, everything else is kept.</summary>
public sealed class NumberTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TakeAsync_WhenANumberComesAgainWithOtherContents_ThenItIsKeptApartAndSaid(bool afterARestart)
    {
        foreach (var number in new[] { 1, 2, 3 }) Add(Json.Deposit("a", number));
        var sink = await _fixture.OpenAsync();
        await sink.TakeAllAsync();
        if (afterARestart)
        {
            await sink.DrainAsync();
            sink = await _fixture.OpenAsync();
        }

        // The account's storage went back to its first event.
        Add(Json.Deposit("a", 2, amount: 99m));
        Add(Json.Deposit("a", 3));

        await sink.DrainAsync();

        var status = await sink.StatusAsync();
        Assert.Equal((3, 1, 1), (_fixture.Lake.Count("cash_transactions"), status.Forks, status.DuplicatesDropped));
        Assert.Contains("have a number that another event", Assert.Single(status.Findings!).Sentence, StringComparison.Ordinal);
        var kept = await File.ReadAllTextAsync(
            Path.Combine(_fixture.Root, LakePath.Fork(new ChainId("log1", 0), 3)), TestContext.Current.CancellationToken);
        Assert.Contains("\"amount\":99", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAsync_WhenTheOtherEventIsInAnotherTable_ThenItIsAForkToo()
    {
        Add(Json.Deposit("a", 1));
        Add(Json.Deposit("a", 2));
        var sink = await _fixture.OpenAsync();
        await sink.TakeAllAsync();
        Add(Json.Trade("a", 2));

        await sink.DrainAsync();

        Assert.Equal(
            (2, 0, 1),
            (_fixture.Lake.Count("cash_transactions"), _fixture.Lake.Count("asset_transactions"), (await sink.StatusAsync()).Forks));
    }

    [Fact]
    public async Task TakeAsync_WhenItsOwnTableHasTheDouble_ThenNoOtherTableIsRead()
    {
        Add(Json.Deposit("a", 1));
        Add(Json.Trade("a", 2));
        await (await _fixture.OpenAsync()).DrainAsync();
        var sink = await _fixture.OpenAsync();
        var files = Directory.GetFiles(Path.Combine(_fixture.Root, "asset_transactions"), "*.parquet", SearchOption.AllDirectories);
        foreach (var file in files) await File.WriteAllTextAsync(file, "unreadable", TestContext.Current.CancellationToken);
        Add(Json.Deposit("a", 1));

        await sink.DrainAsync();

        Assert.NotEmpty(files);
        Assert.Equal((1, 0), ((await sink.StatusAsync()).DuplicatesDropped, (await sink.StatusAsync()).Forks));
    }

    [Fact]
    public async Task OpenAsync_WhenForksAreThere_ThenTheyAreSaidUntilSomebodyRemovesThem()
    {
        Add(Json.Deposit("a", 1));
        Add(Json.Deposit("a", 1, amount: 99m));
        await (await _fixture.OpenAsync()).DrainAsync();

        var again = await (await _fixture.OpenAsync()).StatusAsync();
        Directory.Delete(Path.Combine(_fixture.Root, "_forks"), recursive: true);
        var removed = await (await _fixture.OpenAsync()).StatusAsync();

        Assert.Equal((1, 0), (again.Forks, removed.Forks));
        Assert.Single(again.Findings!);
        Assert.Empty(removed.Findings!);
    }

    [Fact]
    public async Task TakeAsync_WhenNumbersArePassedOver_ThenTheyAreCountedAndSaid()
    {
        Add(Json.Deposit("a", 1));
        Add(Json.Trade("a", 2));
        Add(Json.Deposit("a", 5));
        var sink = await _fixture.OpenAsync();

        await sink.DrainAsync();

        var status = await sink.StatusAsync();
        Assert.Equal(2, status.Missing);
        Assert.Contains("a has event 5 and not the 2 before it", Assert.Single(status.Findings!).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAsync_WhenAnAccountMovedHere_ThenWhatItHadElsewhereIsNotMissing()
    {
        Add(Json.Deposit("a", 8), first: 8);
        Add(Json.Deposit("a", 9), first: 8);
        var sink = await _fixture.OpenAsync();

        await sink.DrainAsync();

        Assert.Equal((2, 0), (_fixture.Lake.Count("cash_transactions"), (await sink.StatusAsync()).Missing));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TakeAsync_WhenAMissingEventComesLate_ThenItIsTakenIn(bool afterARestart)
    {
        Add(Json.Deposit("a", 1));
        Add(Json.Deposit("a", 4));
        var sink = await _fixture.OpenAsync();
        await sink.DrainAsync();
        if (afterARestart) sink = await _fixture.OpenAsync();
        foreach (var number in new[] { 2, 3, 2, 4, 5 }) Add(Json.Deposit("a", number));

        await sink.DrainAsync();

        Assert.Equal([1L, 2, 3, 4, 5], Numbers());
        Assert.Equal(2, (await sink.StatusAsync()).DuplicatesDropped);
    }

    [Fact]
    public async Task TakeAsync_WhenAStrangerClaimsAnAccountsNumbers_ThenTheAccountGoesOn()
    {
        _fixture.Claims = new EventClaims(new FixedBank("bank1", DateTimeOffset.MinValue));
        _fixture.Log.Add(Json.Deposit("victim", 1_000_000), Json.Noon);
        _fixture.Log.Add(Json.Deposit("victim", 1), Json.Noon);
        for (var number = 1; number <= 3; number++) Add(Json.Deposit("victim", number));
        var sink = await _fixture.OpenAsync();

        await sink.DrainAsync();

        Assert.Equal([1L, 2, 3], Numbers());
        Assert.Equal(5, _fixture.Lake.Count("cash_transactions"));
        Assert.Empty((await sink.StatusAsync()).Findings!);
    }

    [Fact]
    public async Task TakeAsync_WhenAnEarlierBuildsRecordClaimedTooMuch_ThenTheAccountsOwnEventsAreTakenInAllTheSame()
    {
        _fixture.Log.Add(Json.Deposit("victim", 1_000_000), Json.Noon);
        for (var number = 1; number <= 5; number++) Add(Json.Deposit("victim", number));
        var sink = await _fixture.OpenAsync();
        await sink.DrainAsync();
        sink = await _fixture.OpenAsync();
        for (var number = 5; number <= 8; number++) Add(Json.Deposit("victim", number));

        await sink.DrainAsync();

        Assert.Equal([1L, 2, 3, 4, 5, 6, 7, 8, 1_000_000], Numbers());
    }

    /// <summary>
    /// Any order, doubles and forks: each number that ever came is there once, as it came first; every other content is kept apart.
    /// </summary>
    [Fact]
    public Task TakeAsync_WhenNumbersComeInAnyOrder_ThenNoneIsLost() => Gen.Int[1, 12].Select(Gen.Int[0, 1]).Array[0, 60].SampleAsync(
        async events =>
        {
            using var fixture = new SinkFixture(rowGroupRows: 4);
            fixture.Options.MaxRows = 7;
            var (first, forks) = (new Dictionary<int, int>(), 0);
            var sink = await fixture.OpenAsync();
            for (var i = 0; i < events.Length; i++)
            {
                var (number, content) = events[i];
                fixture.Log.Add(
                    number % 3 == 0 ? Json.Trade("a", number, quantity: content + 1) : Json.Deposit("a", number, content + 1), Json.Noon);
                if (!first.TryAdd(number, content) && first[number] != content) forks++;
                if (i % 13 == 12) await sink.DrainAsync();
                if (i % 29 == 28) sink = await fixture.OpenAsync();
            }

            await sink.DrainAsync();

            var rows = fixture.Lake.Count("cash_transactions") + fixture.Lake.Count("asset_transactions");
            Assert.Equal((first.Count, forks), (rows, (await sink.StatusAsync()).Forks));
        },
        iter: 60,
        threads: 1);

    private void Add(byte[] json, long first = 1) =>
        _fixture.Log.Add(json, Json.Noon, headers: [new LogHeader(EventSource.Header, new EventSource("bank1", first).ToBytes())]);

    private List<long> Numbers() => [.. _fixture.Lake
        .Query(
            "cash_transactions",
            "select sequence_number from {table} where sequence_number is not null order by 1").Select(row => (long)row[0]!)];
}

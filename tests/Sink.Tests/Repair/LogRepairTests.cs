using Banking.Lake.Store;
using Banking.Sink.Partitions;
using Banking.Sink.Repair;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Repair;

/// <summary>The lake goes on with a log that lost its end.</summary>
public sealed class LogRepairTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task FindAsync_WhenLakeAndLogAgree_ThenThereIsNothing()
    {
        await FillAsync(10);

        Assert.Empty(await Repair().FindAsync(Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindAsync_WhenTheLogLostItsEnd_ThenSaysWhatAndChangesNothing(bool ofAnEarlierBuild)
    {
        await DivergeAsync();
        if (ofAnEarlierBuild) await OldLake.StripEvidenceAsync(_fixture.Root);

        var finding = Assert.Single(await Repair().FindAsync(Token));

        Assert.Contains("lost records of 6 rows that the lake has, offsets 14 to 19", finding.Missing, StringComparison.Ordinal);
        Assert.Contains("agree up to offset 13", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains("from offset 14 on, 10 records", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal((true, false), (finding.CanMend, finding.Done));
        await Assert.ThrowsAsync<LogDivergedException>(() => _fixture.OpenAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ApplyAsync_WhenTheLogLostItsEnd_ThenNothingIsLostOrDoubledAndTheRefusalEnds(bool isRestartedInBetween)
    {
        await DivergeAsync();
        Assert.True(Assert.Single(await Repair().ApplyAsync(Token)).Done);
        Assert.Empty(await Repair().FindAsync(Token));

        var sink = await _fixture.OpenAsync();
        if (isRestartedInBetween)
        {
            await sink.TakeAsync(_fixture.Log.Batch(14, 2));
            await sink.FlushAsync(15);
            sink = await _fixture.OpenAsync();
        }

        await sink.DrainAsync();

        // Of the ten new records two are events that the lake has from the log's lost end.
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), Numbers("a"));
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), Numbers("b"));
        Assert.Equal(28, (await ReopenAsync()));
    }

    [Fact]
    public async Task ApplyAsync_WhenTheLogLosesItsEndAgain_ThenIsMendedAgain()
    {
        await DivergeAsync();
        await Repair().ApplyAsync(Token);
        await (await _fixture.OpenAsync()).DrainAsync();
        _fixture.Log.Replace(_fixture.Log.Records.Where(record => record.Offset < 20));
        Add("c", 1, 10);
        await Assert.ThrowsAnyAsync<LakeRefusalException>(() => _fixture.OpenAsync());

        Assert.True(Assert.Single(await Repair().ApplyAsync(Token)).Done);
        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal((20, 8, 10), (Numbers("a").Count, Numbers("b").Count, Numbers("c").Count));
    }

    [Fact]
    public async Task ApplyAsync_WhenRetentionTookAllThatTheyHadInCommon_ThenSaysSoAndChangesNothing()
    {
        await FillAsync(10);
        _fixture.Log.Replace([]);
        _fixture.Log.Skip(5);
        _fixture.Log.RetainFrom(5);
        Add("b", 1, 10);

        var finding = Assert.Single(await Repair().ApplyAsync(Token));

        Assert.Equal((false, false), (finding.CanMend, finding.Done));
        await Assert.ThrowsAsync<LogDivergedException>(() => _fixture.OpenAsync());
    }

    private async Task<long> ReopenAsync()
    {
        await (await _fixture.OpenAsync()).DrainAsync();
        return _fixture.Lake.Count("cash_transactions");
    }

    /// <summary>Twenty events are in the lake; the log lost the last six, and has two of them and eight others since.</summary>
    private async Task DivergeAsync()
    {
        await FillAsync(10);
        Add("a", 11, 20);
        await (await _fixture.OpenAsync()).DrainAsync();
        _fixture.Log.Replace(_fixture.Log.Records.Where(record => record.Offset < 14));
        Add("b", 1, 8);
        Add("a", 19, 20);
    }

    private async Task FillAsync(int last)
    {
        Add("a", 1, last);
        await (await _fixture.OpenAsync()).DrainAsync();
    }

    private void Add(string account, int first, int last)
    {
        for (var i = first; i <= last; i++) _fixture.Log.Add(Json.Deposit(account, i), Json.Noon + _fixture.Log.Records.Count);
    }

    private List<long> Numbers(string account) =>
        [.. _fixture.Lake.Query("cash_transactions",
            $"select sequence_number from {{table}} where account_id = '{account}' order by 1").Select(row => (long)row[0]!)];

    private LogRepair Repair() => new(_fixture.Services());
}

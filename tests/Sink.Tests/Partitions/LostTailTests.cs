using Banking.Sink.Partitions;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Partitions;

/// <summary>The log lost its end, or an older copy of it was put back, and it has grown again since.</summary>
public sealed class LostTailTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenAsync_WhenTheLogHasGrownPastTheLakesEnd_ThenRefuses(bool ofAnEarlierBuild)
    {
        await FillAsync(10);
        if (ofAnEarlierBuild) await OldLake.StripEvidenceAsync(_fixture.Root);
        LoseFrom(6);
        AddDeposits("b", 20);

        var refusal = await Assert.ThrowsAsync<LogDivergedException>(() => _fixture.OpenAsync());
        AddDeposits("c", 20);
        await Assert.ThrowsAsync<LogDivergedException>(() => _fixture.OpenAsync());

        Assert.Contains(
            "at offset 9 of 2026-11-23 12:00:00.009 UTC, and the log has another one of the same time there", refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains("Client repair", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_WhenOnlyARecordThatIsInNoTableIsAnother_ThenRefuses()
    {
        AddDeposits("a", 3);
        _fixture.Log.Add(Json.Bytes("""{"event_type":"default"}"""), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();
        LoseFrom(3);
        AddDeposits("b", 3);

        await Assert.ThrowsAsync<LogDivergedException>(() => _fixture.OpenAsync());
    }

    [Fact]
    public async Task OpenAsync_WhenRetentionTookTheLakesLastRecord_ThenGoesOn()
    {
        await FillAsync(10);
        AddDeposits("b", 5);
        _fixture.Log.RetainFrom(10);

        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(15, _fixture.Lake.Count("cash_transactions"));
    }

    [Fact]
    public async Task OpenAsync_WhenTheRightLogIsBack_ThenGoesOn()
    {
        await FillAsync(10);
        var right = _fixture.Log.Records;
        LoseFrom(6);
        AddDeposits("b", 20);
        await Assert.ThrowsAsync<LogDivergedException>(() => _fixture.OpenAsync());
        _fixture.Log.Replace(right);

        Assert.Equal(10, (await (await _fixture.OpenAsync()).StatusAsync()).NextOffset);
    }

    [Fact]
    public async Task FlushAsync_WhenTheLogChangesUnderARunningSink_ThenNothingMoreIsWritten()
    {
        var sink = await FillAsync(10);
        AddDeposits("b", 5);
        await sink.TakeAllAsync();
        LoseFrom(6);
        AddDeposits("c", 20);

        await Assert.ThrowsAsync<InvalidOperationException>(() => sink.FlushAsync(14));

        Assert.Equal(10, _fixture.Lake.Count("cash_transactions"));
        await Assert.ThrowsAsync<LogDivergedException>(() => sink.TakeAsync(_fixture.Log.Batch(15, 5)));
        Assert.Contains("has another one of the same time there", (await sink.StatusAsync()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SealIfDue_WhenTheLogChangedSinceTheRowsCame_ThenTheyAreNotWritten()
    {
        var sink = await FillAsync(10);
        AddDeposits("b", 5);
        await sink.TakeAllAsync();
        LoseFrom(6);
        AddDeposits("c", 20);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await sink.TickAsync();
        Assert.Null((await sink.StatusAsync()).Refusal);

        _fixture.Options.MaxIdle = TimeSpan.Zero;
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await sink.TickAsync();

        Assert.Contains("has another one of the same time there", (await sink.StatusAsync()).Refusal, StringComparison.Ordinal);
        Assert.Equal(10, _fixture.Lake.Count("cash_transactions"));
    }

    [Fact]
    public async Task TakeAsync_WhenTheLogLostItsEndInAPauseAndItsNewRecordsFollow_ThenTheyAreNotTakenIn()
    {
        var sink = await FillAsync(10);
        LoseFrom(6);
        AddDeposits("b", 20);
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<LogDivergedException>(() => sink.TakeAsync(_fixture.Log.Batch(10, 5)));

        Assert.Equal(10, (await sink.StatusAsync()).NextOffset);
    }

    [Fact]
    public async Task TickAsync_WhenTheLogEndsBeforeWhatWasTakenIn_ThenRefusesThePartition()
    {
        var sink = await FillAsync(10);
        LoseFrom(6);
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));

        await sink.TickAsync();

        Assert.Contains("and the log ends at offset 5", (await sink.StatusAsync()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TickAsync_WhenTheLogComesBackAsAnother_ThenRefusesThePartition()
    {
        var sink = await FillAsync(10);
        _fixture.Log.IsAway = true;
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await sink.TickAsync();
        LoseFrom(6);
        AddDeposits("b", 20);
        _fixture.Log.IsAway = false;
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));

        await sink.TickAsync();

        Assert.Contains("has another one of the same time there", (await sink.StatusAsync()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlushAsync_WhenTheLogIsAway_ThenWhatWasTakenInIsWrittenAllTheSame()
    {
        AddDeposits("a", 10);
        var sink = await _fixture.OpenAsync();
        await sink.TakeAllAsync();
        _fixture.Log.IsAway = true;

        await sink.FlushAsync(9);

        Assert.Equal(10, _fixture.Lake.Count("cash_transactions"));
    }

    private async Task<TestSink> FillAsync(int deposits)
    {
        AddDeposits("a", deposits);
        var sink = await _fixture.OpenAsync();
        await sink.DrainAsync();
        return sink;
    }

    private void AddDeposits(string account, int count)
    {
        for (var i = 1; i <= count; i++) _fixture.Log.Add(Json.Deposit(account, i), Json.Noon + _fixture.Log.Records.Count);
    }

    private void LoseFrom(long offset) => _fixture.Log.Replace(_fixture.Log.Records.Where(record => record.Offset < offset));
}

using Banking.Sink.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests.Partitions;

/// <summary>A stranger's transaction is open in the log: what lies behind it can't be read, and so not be in the lake.</summary>
public sealed class OpenTransactionTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    private IReadOnlyList<FakeTimeProvider> Clocks => [_fixture.Time];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task FlushAsync_WhenRecordsLieBehindAnOpenTransaction_ThenItFailsAndSaysWhatItWaitsFor()
    {
        var sink = await OpenBeforeTransactionAsync();

        var flush = sink.FlushAsync(3);
        await TickAsync(sink, 12);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => Clocks.RunUntilAsync(flush));

        Assert.Contains("open transaction of another producer at offset 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("3 offsets", failure.Message, StringComparison.Ordinal);

        // What lies before the transaction is committed meanwhile, in its own time.
        await Eventually.True(
            () => Task.FromResult(_fixture.Lake.Count("asset_prices") == 1), "the record before the transaction is in the lake");
    }

    [Fact]
    public async Task FlushAsync_WhenTheTransactionEndsInTime_ThenItReturnsWithAllThatLiesBehindIt()
    {
        var sink = await OpenBeforeTransactionAsync();
        var flush = sink.FlushAsync(3);
        Assert.False(flush.IsCompleted);

        _fixture.Log.OpenTransaction = null;
        await sink.TakeAllAsync();
        await Clocks.RunUntilAsync(flush);

        Assert.Equal(4, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task FlushAsync_WhenEverythingAskedForLiesBeforeTheTransaction_ThenItReturns()
    {
        var sink = await OpenBeforeTransactionAsync();

        await Clocks.RunUntilAsync(sink.FlushAsync(0));

        Assert.Equal(1, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task Status_WhenATransactionStaysOpen_ThenItSaysSoUntilItIsOver()
    {
        var sink = await OpenBeforeTransactionAsync();
        await TickAsync(sink, 3);
        Assert.Null((await sink.StatusAsync()).Failure);

        await TickAsync(sink, 15);
        Assert.Contains("open transaction", (await sink.StatusAsync()).Failure, StringComparison.Ordinal);

        _fixture.Log.OpenTransaction = null;
        await sink.TakeAllAsync();
        await TickAsync(sink, 2);
        Assert.Null((await sink.StatusAsync()).Failure);
    }

    /// <summary>A sink that took in the log's first record; three more lie from an open transaction on.</summary>
    private async Task<TestSink> OpenBeforeTransactionAsync()
    {
        _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        var sink = await _fixture.OpenAsync();
        await sink.TakeAllAsync();
        for (var i = 0; i < 3; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        _fixture.Log.OpenTransaction = 1;
        return sink;
    }

    private async Task TickAsync(TestSink sink, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
            await sink.TickAsync();
        }
    }
}

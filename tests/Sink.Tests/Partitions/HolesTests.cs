using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Partitions;

/// <summary>Offsets at the log's end that are not records.</summary>
public sealed class HolesTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task FlushAsync_WhenTheLogEndsWithHoles_ThenReturns()
    {
        var sink = await OpenBeforeHolesAsync();
        var flush = sink.FlushAsync(2);
        Assert.False(flush.IsCompleted);

        await TickAsync(sink, 2);
        await flush;

        Assert.Equal(1, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task TickAsync_WhenTheLogEndsWithHoles_ThenTheCommittedOffsetIsItsEnd()
    {
        var sink = await OpenBeforeHolesAsync();
        await sink.FlushAsync(0);

        await TickAsync(sink, 3);

        Assert.Equal(3, _fixture.Log.Committed);
    }

    [Fact]
    public async Task TickAsync_WhenARecordWaits_ThenItIsNotPassed()
    {
        var sink = await OpenBeforeHolesAsync();
        _fixture.Log.Add(Json.Inquiry(), Json.Noon);

        await TickAsync(sink, 3);
        await sink.DrainAsync();

        Assert.Equal(2, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task OpenAsync_WhenRetentionTookThePassedHoles_ThenNothingIsLost()
    {
        var first = await OpenBeforeHolesAsync();
        await first.FlushAsync(0);
        await TickAsync(first, 3);
        _fixture.Log.RetainFrom(3);

        var second = await _fixture.OpenAsync();

        Assert.Equal(3, (await second.StatusAsync()).NextOffset);
    }

    /// <summary>A sink that took in the log's only record, behind which are two holes.</summary>
    private async Task<TestSink> OpenBeforeHolesAsync()
    {
        _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        _fixture.Log.Skip(2);
        var sink = await _fixture.OpenAsync();
        await sink.TakeAllAsync();
        return sink;
    }

    private static async Task TickAsync(TestSink sink, int times)
    {
        for (var i = 0; i < times; i++) await sink.TickAsync();
    }
}

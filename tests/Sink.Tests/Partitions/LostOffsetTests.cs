using Banking.Sink.Partitions;
using Banking.Sink.Tests.Support;
using Banking.Streaming;

namespace Banking.Sink.Tests.Partitions;

/// <summary>The log's retention was faster than the lake.</summary>
public sealed class LostOffsetTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task TakeAsync_WhenRetentionTookRecordsAndThePolicyIsContinue_ThenGoesOnBehindThem()
    {
        _fixture.Options.LostOffsetPolicy = LostOffsetPolicy.Continue;
        var sink = await OpenBeforeRetentionAsync();
        await sink.TakeAsync(_fixture.Log.Batch(6, 4));

        await sink.FlushAsync(9);

        Assert.Equal(6, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task TakeAsync_WhenRetentionTookRecordsAndThePolicyIsBlock_ThenStandsThereAndSaysSo()
    {
        var sink = await OpenBeforeRetentionAsync();

        await Assert.ThrowsAsync<LostOffsetsException>(() => sink.TakeAsync(_fixture.Log.Batch(6, 4)));

        var status = await sink.StatusAsync();
        Assert.Equal(0, status.NextOffset);
        Assert.Contains("no longer has the offsets 0 to 3", status.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_WhenRetentionTookRecordsAndThePolicyIsBlock_ThenRefuses()
    {
        await LoseAsync();

        var refusal = await Assert.ThrowsAsync<LostOffsetsException>(() => _fixture.OpenAsync());

        Assert.Contains("no longer has the offsets 3 to 5", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Banking:Log:LostOffsets", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_WhenRetentionTookRecordsAndThePolicyIsContinue_ThenGoesOnAtTheFirst()
    {
        await LoseAsync();
        _fixture.Options.LostOffsetPolicy = LostOffsetPolicy.Continue;

        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(7, _fixture.Lake.Count("asset_prices"));
    }

    [Fact]
    public async Task OpenAsync_WhenThePartitionIsNewAndItsLogIsNot_ThenStartsAtTheFirst()
    {
        AddInquiries(10);
        _fixture.Log.RetainFrom(4);

        await (await _fixture.OpenAsync()).DrainAsync();

        Assert.Equal(6, _fixture.Lake.Count("asset_prices"));
    }

    /// <summary>A sink at offset 0 of a log that begins at 4 by now.</summary>
    private async Task<TestSink> OpenBeforeRetentionAsync()
    {
        var sink = await _fixture.OpenAsync();
        AddInquiries(10);
        _fixture.Log.RetainFrom(4);
        return sink;
    }

    /// <summary>Three records are in the lake, three are lost, four are in the log.</summary>
    private async Task LoseAsync()
    {
        AddInquiries(3);
        var sink = await _fixture.OpenAsync();
        await sink.DrainAsync();
        await sink.TickAsync();
        AddInquiries(7);
        _fixture.Log.RetainFrom(6);
    }

    private void AddInquiries(int count)
    {
        for (var i = 0; i < count; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
    }
}

using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Partitions;

/// <summary>The group's offset, where it is another owner's too for a while.</summary>
public sealed class CommittedOffsetTests : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task TickAsync_WhenTheGroupWasSetBack_ThenPutsItForwardAgain()
    {
        var sink = await OpenAtFive();
        _fixture.Log.Committed = 2;

        _fixture.Time.Advance(BetweenLooks);
        await sink.TickAsync();

        Assert.Equal(5, _fixture.Log.Committed);
    }

    [Fact]
    public async Task TickAsync_WhenTheGroupWasForgotten_ThenCommitsAgain()
    {
        var sink = await OpenAtFive();
        _fixture.Log.Committed = null;

        _fixture.Time.Advance(BetweenLooks);
        await sink.TickAsync();

        Assert.Equal(5, _fixture.Log.Committed);
    }

    [Fact]
    public async Task TickAsync_WhenTheGroupWasSetFurther_ThenPutsItBack()
    {
        var sink = await OpenAtFive();
        _fixture.Log.Committed = 9;

        _fixture.Time.Advance(BetweenLooks);
        await sink.TickAsync();

        Assert.Equal(5, _fixture.Log.Committed);
    }

    private async Task<TestSink> OpenAtFive()
    {
        for (var i = 0; i < 5; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        var sink = await _fixture.OpenAsync();
        await sink.DrainAsync();
        await sink.TickAsync();
        Assert.Equal(5, _fixture.Log.Committed);
        return sink;
    }
}

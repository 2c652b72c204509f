using Banking.Streaming.Tests.Log;

namespace Banking.Streaming.Tests.Provider;

public abstract class MetricsTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    private readonly MeterReadings _readings = new();

    public override async ValueTask DisposeAsync()
    {
        _readings.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task OnNext_WhenADeliveryFails_ThenTheMetricsShowWhatHappened()
    {
        _readings.Listen();
        await using var cluster = await Start();
        var sighting = Sightings.Of("measured");
        sighting.FailuresLeft = 2;

        await cluster.Stream<string>("items", "measured.a").OnNextBatchAsync(Items(0, 10));

        await Eventually.True(() => sighting.Items.Length >= 10, "10 items");
        Assert.Equal(10, _readings.Sum("banking.streaming.appended"));
        Assert.Equal(10, _readings.Sum("banking.streaming.consumed"));
        Assert.Equal(10, _readings.Sum("banking.streaming.delivered"));
        Assert.True(_readings.Sum("banking.streaming.retries") >= 2);
    }

    [Fact]
    public async Task Lag_WhenTheConsumerIsStuck_ThenItIsWhatWaits()
    {
        await using var cluster = await Start(configure: options => options.CommitInterval = TimeSpan.FromMilliseconds(10));
        Sightings.Of("lagging").FailOn = "item 0";
        _readings.Listen();

        await cluster.Stream<string>("items", "lagging.a").OnNextBatchAsync(Items(0, 7));

        await Eventually.True(
            () => _readings.Observe("banking.streaming.lag") == 7,
            "a lag of 7");
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Banking.Streaming.Tests.Log;

namespace Banking.Streaming.Tests.Provider;

public abstract class MetricsTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly MeterListener _listener = new();

    public override async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task OnNext_WhenADeliveryFails_ThenTheMetricsShowWhatHappened()
    {
        Listen();
        await using var cluster = await Start();
        var sighting = Sightings.Of("measured");
        sighting.FailuresLeft = 2;

        await cluster.Stream<string>("items", "measured.a").OnNextBatchAsync(Items(0, 10));

        await Condition.Until(() => sighting.Items.Length >= 10, "10 items");
        Assert.Equal(10, Sum("banking.streaming.appended"));
        Assert.Equal(10, Sum("banking.streaming.delivered"));
        Assert.True(Sum("banking.streaming.retries") >= 2);
    }

    [Fact]
    public async Task Lag_WhenTheConsumerIsStuck_ThenItIsWhatWaits()
    {
        await using var cluster = await Start(configure: options => options.CommitInterval = TimeSpan.FromMilliseconds(10));
        Sightings.Of("lagging").FailOn = "item 0";
        Listen();

        await cluster.Stream<string>("items", "lagging.a").OnNextBatchAsync(Items(0, 7));

        await Condition.Until(
            () =>
            {
                _sums["banking.streaming.lag"] = 0;
                _listener.RecordObservableInstruments();
                return Sum("banking.streaming.lag") == 7;
            },
            "a lag of 7");
    }

    private long Sum(string instrument) => _sums.GetValueOrDefault(instrument);

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Banking.Streaming") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }
}

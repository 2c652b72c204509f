using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Banking.Streaming.Tests.Provider;

public sealed class MetricsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly MeterListener _listener = new();

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task OnNext_WhenADeliveryFails_ThenTheMetricsShowWhatHappened()
    {
        Listen();
        await using var cluster = await StreamCluster.Start(_folder.File());
        var sighting = Sightings.Of("measured");
        sighting.FailuresLeft = 2;

        await cluster.Stream<string>("items", "measured.a").OnNextBatchAsync(ImplicitSubscriptionTests.Items(0, 10));

        await Condition.Until(() => sighting.Items.Length >= 10, "10 items");
        Assert.Equal(10, Sum("banking.streaming.appended"));
        Assert.Equal(10, Sum("banking.streaming.delivered"));
        Assert.True(Sum("banking.streaming.retries") >= 2);
    }

    [Fact]
    public async Task Lag_WhenTheConsumerIsStuck_ThenItIsWhatWaits()
    {
        await using var cluster = await StreamCluster.Start(_folder.File(), 1, options => options.CommitInterval = TimeSpan.FromMilliseconds(10));
        Sightings.Of("lagging").FailOn = "item 0";
        Listen();

        await cluster.Stream<string>("items", "lagging.a").OnNextBatchAsync(ImplicitSubscriptionTests.Items(0, 7));

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

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Banking.Storage.Telemetry;

namespace Banking.Storage.Tests;

public sealed class MetricsTests
{
    [Fact]
    public void Committed_WhenOneConflicts_CountsTheOthersAsWrites()
    {
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = Listen("metrics-test", seen);
        using var metrics = new StorageMetrics("metrics-test", () => 7);

        metrics.Committed(rows: 5, conflicts: 1, seconds: 0.25);
        metrics.Failed(3);
        listener.RecordObservableInstruments();

        Assert.Equal(4, seen["storage.writes"]);
        Assert.Equal(1, seen["storage.transactions"]);
        Assert.Equal(1, seen["storage.conflicts"]);
        Assert.Equal(5, seen["storage.transaction.rows"]);
        Assert.Equal(0.25, seen["storage.commit.duration"]);
        Assert.Equal(3, seen["storage.failures"]);
        Assert.Equal(7, seen["storage.queue.length"]);
    }

    private static MeterListener Listen(string storage, ConcurrentDictionary<string, double> seen)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == StorageMetrics.MeterName) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        // Tests run side by side, and a meter's listener hears the storages of all of them.
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length > 0 && storage.Equals(tags[0].Value)) seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
        }
    }
}

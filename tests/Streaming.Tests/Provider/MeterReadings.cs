using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Banking.Streaming.Tests.Provider;

/// <summary>What the provider's meter shows from <see cref="Listen"/> on, summed over its tags.</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly MeterListener _listener = new();

    public long Sum(string instrument) => _sums.GetValueOrDefault(instrument);

    /// <summary>A gauge's value, now.</summary>
    public long Observe(string instrument)
    {
        _sums[instrument] = 0;
        _listener.RecordObservableInstruments();
        return Sum(instrument);
    }

    public void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Banking.Streaming") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(
            (instrument, value, _, _) => _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();
}

using System.Diagnostics.Metrics;
using Banking.Lake;

namespace Banking.Sink.Diagnostics;

/// <summary>What the catalog's grain counts, on the silo where it is active, meter <c>Banking.Sink</c>. Thread-safe.</summary>
public sealed class CatalogMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _registered;
    private readonly Counter<long> _failures;
    private Func<CatalogStatus>? _status;

    public CatalogMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(SinkMetrics.MeterName);
        _registered = _meter.CreateCounter<long>(
            "banking.sink.catalog.registered", "{partition}", "Days that were registered in the metastore.");
        _failures = _meter.CreateCounter<long>(
            "banking.sink.catalog.failures", "{try}", "Tries to bring the metastore up to date that failed; they are repeated.");
        _meter.CreateObservableGauge(
            "banking.sink.catalog.pending", () => Observe(s => s.Pending), "{partition}",
            "Days in the lake that are not known to be registered.");
        _meter.CreateObservableGauge(
            "banking.sink.catalog.refused", () => Observe(s => s.Refusals.Count), "{table}",
            "Tables of the lake's names that are somebody else's.");
    }

    internal void Registered(string table, int days) => _registered.Add(days, new KeyValuePair<string, object?>("table", table));

    internal void Failed() => _failures.Add(1);

    internal void Watch(Func<CatalogStatus> status) => Volatile.Write(ref _status, status);

    internal void Unwatch(Func<CatalogStatus> status) => Interlocked.CompareExchange(ref _status, null, status);

    public void Dispose() => _meter.Dispose();

    private Measurement<long>[] Observe(Func<CatalogStatus, long> value) =>
        Volatile.Read(ref _status) is { } status ? [new Measurement<long>(value(status()))] : [];
}

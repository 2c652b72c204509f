using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Banking.Storage.Telemetry;

/// <summary>The instruments of one storage, tagged with its name, on the meter <see cref="MeterName"/>.</summary>
internal sealed class StorageMetrics : IDisposable
{
    public const string MeterName = "Banking.Storage";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _writes;
    private readonly Counter<long> _transactions;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _failures;
    private readonly Histogram<int> _rows;
    private readonly Histogram<double> _seconds;
    private readonly KeyValuePair<string, object?> _storage;

    public StorageMetrics(string storageName, Func<int> queueLength)
    {
        _storage = new("storage", storageName);
        _writes = _meter.CreateCounter<long>("storage.writes", "{write}", "Writes and clears committed");
        _transactions = _meter.CreateCounter<long>("storage.transactions", "{transaction}", "Transactions committed");
        _conflicts = _meter.CreateCounter<long>("storage.conflicts", "{write}", "Writes refused for their ETag");
        _failures = _meter.CreateCounter<long>("storage.failures", "{write}", "Writes failed");
        _rows = _meter.CreateHistogram<int>("storage.transaction.rows", "{write}", "Writes that shared a transaction");
        _seconds = _meter.CreateHistogram<double>("storage.commit.duration", "s", "Time of a transaction, from its begin to its commit");
        _meter.CreateObservableGauge(
            "storage.queue.length", () => new Measurement<int>(queueLength(), new TagList { _storage }), "{write}", "Writes that wait");
    }

    public void Committed(int rows, int conflicts, double seconds)
    {
        _writes.Add(rows - conflicts, _storage);
        _transactions.Add(1, _storage);
        if (conflicts > 0) _conflicts.Add(conflicts, _storage);
        _rows.Record(rows, _storage);
        _seconds.Record(seconds, _storage);
    }

    public void Failed(int writes) => _failures.Add(writes, _storage);

    public void Dispose() => _meter.Dispose();
}

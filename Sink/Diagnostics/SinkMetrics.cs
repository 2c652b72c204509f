using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Banking.Lake.Files;

namespace Banking.Sink.Diagnostics;

/// <summary>What the sink counts, meter <c>Banking.Sink</c>. Thread-safe.</summary>
public sealed class SinkMetrics : IDisposable
{
    public const string MeterName = "Banking.Sink";
    private readonly Meter _meter;
    private readonly Counter<long> _rows;
    private readonly Counter<long> _files;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _forks;
    private readonly Counter<long> _missing;
    private readonly Counter<long> _foreignNumbers;
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _lostOffsets;
    private readonly Counter<long> _unrepresentable;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _commitSeconds;
    private readonly ConcurrentDictionary<ChainId, Gauges> _watched = new();

    public SinkMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _rows = _meter.CreateCounter<long>("banking.sink.rows", "{row}", "Rows in committed files.");
        _files = _meter.CreateCounter<long>("banking.sink.files", "{file}", "Committed files.");
        _bytes = _meter.CreateCounter<long>("banking.sink.bytes", "By", "Bytes of committed files.");
        _duplicates = _meter.CreateCounter<long>("banking.sink.duplicates", "{event}", "Events dropped, as they were in the log before.");
        _forks = _meter.CreateCounter<long>(
            "banking.sink.forks", "{event}", "Events whose number another event of their account has; each is kept in _forks.");
        _missing = _meter.CreateCounter<long>("banking.sink.missing", "{event}", "Numbers of accounts that were passed over.");
        _foreignNumbers = _meter.CreateCounter<long>(
            "banking.sink.foreign_numbers", "{event}",
            "Events of other programs that claimed an account's number; they are rows without one.");
        _unreadable = _meter.CreateCounter<long>(
            "banking.sink.unreadable", "{record}", "Records that are no events; they are in no table.");
        _deadLetters = _meter.CreateCounter<long>(
            "banking.sink.dead_letters", "{record}", "Records that are no events and are durable among the dead letters.");
        _lostOffsets = _meter.CreateCounter<long>(
            "banking.sink.lost_offsets", "{offset}", "Offsets that the lake lacks and the log no longer has, gone on without.");
        _unrepresentable = _meter.CreateCounter<long>(
            "banking.sink.unrepresentable", "{value}", "Values that their column can't hold; null there.");
        _fenced = _meter.CreateCounter<long>("banking.sink.fenced", "{commit}", "Commits lost to another owner of the partition.");
        _retries = _meter.CreateCounter<long>(
            "banking.sink.retries", "{commit}", "Commits, and appends of dead letters, that failed and are tried again.");
        _commitSeconds = _meter.CreateHistogram<double>("banking.sink.commit.duration", "s", "Encoding, staging and renaming a file.");
        _meter.CreateObservableGauge(
            "banking.sink.lag", () => Observe(gauges => gauges.Lag()), "{record}", "Records taken in but not yet durable.");
        _meter.CreateObservableGauge(
            "banking.sink.blocked", () =>
                Observe(gauges => gauges.IsBlocked() ? 1 : 0), "{partition}", "1 while a person must decide how the partition goes on.");
    }

    internal void Committed(string table, long rows, long bytes, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>("table", table);
        _rows.Add(rows, tag);
        _files.Add(1, tag);
        _bytes.Add(bytes, tag);
        _commitSeconds.Record(took.TotalSeconds, tag);
    }

    internal void Duplicate(string table) => _duplicates.Add(1, new KeyValuePair<string, object?>("table", table));

    internal void Fork() => _forks.Add(1);

    internal void Missing(long numbers) => _missing.Add(numbers);

    internal void ForeignNumber() => _foreignNumbers.Add(1);

    internal void Unreadable() => _unreadable.Add(1);

    internal void DeadLettered(int letters) => _deadLetters.Add(letters);

    internal void LostOffsets(int partition, long offsets) =>
        _lostOffsets.Add(offsets, new KeyValuePair<string, object?>("partition", partition));

    internal void Unrepresentable(int values) => _unrepresentable.Add(values);

    internal void Fenced(string table) => _fenced.Add(1, new KeyValuePair<string, object?>("table", table));

    internal void Retried(string table) => _retries.Add(1, new KeyValuePair<string, object?>("table", table));

    internal void Watch(ChainId chain, Func<long> lag, Func<bool> isBlocked) => _watched[chain] = new Gauges(lag, isBlocked);

    internal void Unwatch(ChainId chain) => _watched.TryRemove(chain, out _);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Observe(Func<Gauges, long> value) =>
        _watched.Select(
            watched => new Measurement<long>(value(watched.Value), new KeyValuePair<string, object?>("partition", watched.Key.Partition)));

    private sealed record Gauges(Func<long> Lag, Func<bool> IsBlocked);
}

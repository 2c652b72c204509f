using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Banking.Streaming.Provider;

/// <summary>
/// The meter <c>Banking.Streaming</c>; every measurement is tagged with <c>provider</c>, most with <c>partition</c>. Thread-safe.
/// </summary>
internal sealed class LogStreamMetrics : IDisposable
{
    public const string MeterName = "Banking.Streaming";

    /// <summary>Partition numbers as tag values, boxed once: otherwise each batch's measurement would allocate one.</summary>
    private static readonly object[] Boxes = [.. Enumerable.Range(0, 1024).Select(partition => (object)partition)];

    private readonly string _provider;
    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<int, PartitionCache> _caches = new();
    private readonly Counter<long> _appended;
    private readonly Counter<long> _appendFailures;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _taken;
    private readonly Counter<long> _released;
    private long _inFlight;

    public LogStreamMetrics(string provider)
    {
        _provider = provider;
        _appended = _meter.CreateCounter<long>(
            "banking.streaming.appended", "{record}", "Records that producers of this process appended.");
        _appendFailures = _meter.CreateCounter<long>("banking.streaming.append_failures", "{append}", "Appends that failed.");
        _consumed = _meter.CreateCounter<long>(
            "banking.streaming.consumed", "{record}", "Records read from the log, also again for a subscriber that is behind the cache.");
        _delivered = _meter.CreateCounter<long>(
            "banking.streaming.delivered", "{record}", "Records handed to consumers, repeats included.");
        _failures = _meter.CreateCounter<long>(
            "banking.streaming.failures", "{failure}", "Deliveries given up, records that can't be read, reads that failed; by kind.");
        _retries = _meter.CreateCounter<long>("banking.streaming.retries", "{retry}", "Deliveries tried again.");
        _skipped = _meter.CreateCounter<long>("banking.streaming.skipped", "{record}", "Records skipped by policy; by reason.");
        _deadLetters = _meter.CreateCounter<long>(
            "banking.streaming.dead_letters", "{record}", "Records durable among the dead letters; by reason.");
        _lost = _meter.CreateCounter<long>(
            "banking.streaming.lost_offsets", "{offset}", "Offsets that retention took before they were read.");
        _taken = _meter.CreateCounter<long>(
            "banking.streaming.partitions_taken", "{partition}", "Partitions that this process began to pull.");
        _released = _meter.CreateCounter<long>(
            "banking.streaming.partitions_released", "{partition}", "Partitions that this process ceased to pull.");
        _meter.CreateObservableGauge(
            "banking.streaming.in_flight", () =>
                new Measurement<long>(Volatile.Read(ref _inFlight), Provider), "{record}", "Records whose append is not confirmed yet.");
        _meter.CreateObservableGauge(
            "banking.streaming.cached_records", () => Observe(cache => cache.RecordCount), "{record}", "Records in memory.");
        _meter.CreateObservableGauge("banking.streaming.cached_bytes", () => Observe(cache => cache.ByteCount), "By", "Bytes in memory.");
        _meter.CreateObservableGauge(
            "banking.streaming.lag", () => Observe(cache => cache.Lag), "{record}",
            "Offsets between the group's commit and the log's end.");
    }

    /// <summary>Notes that this process pulls the partition from now on.</summary>
    public void Take(int partition, PartitionCache cache)
    {
        _caches[partition] = cache;
        _taken.Add(1, Provider, Partition(partition));
    }

    /// <summary>Notes that this process no longer pulls the partition with this cache; a newer cache of it may be here already.</summary>
    public void Release(int partition, PartitionCache cache)
    {
        _caches.TryRemove(KeyValuePair.Create(partition, cache));
        _released.Add(1, Provider, Partition(partition));
    }

    /// <summary>Notes that an append of records begins (or ends, if their number is negative).</summary>
    public void InFlight(int records) => Interlocked.Add(ref _inFlight, records);

    public void Consumed(int partition, int records) => _consumed.Add(records, Provider, Partition(partition));

    public void Appended(int partition, int records) => _appended.Add(records, Provider, Partition(partition));

    public void AppendFailed(int partition) => _appendFailures.Add(1, Provider, Partition(partition));

    public void Delivered(int partition, int records) => _delivered.Add(records, Provider, Partition(partition));

    public void Failed(int partition, string kind) => _failures.Add(1, Provider, Partition(partition), new("kind", kind));

    public void Retried() => _retries.Add(1, Provider);

    public void Skipped(int partition, string reason) => _skipped.Add(1, Provider, Partition(partition), new("reason", reason));

    public void DeadLettered(int partition, string reason, int letters) =>
        _deadLetters.Add(letters, Provider, Partition(partition), new("reason", reason));

    public void Lost(int partition, long offsets) => _lost.Add(offsets, Provider, Partition(partition));

    public void Dispose() => _meter.Dispose();

    private KeyValuePair<string, object?> Provider => new("provider", _provider);

    private static KeyValuePair<string, object?> Partition(int partition) =>
        new("partition", partition < Boxes.Length ? Boxes[partition] : partition);

    private IEnumerable<Measurement<long>> Observe(Func<PartitionCache, long> value) =>
        _caches.Select(cache => new Measurement<long>(value(cache.Value), Provider, Partition(cache.Key)));
}

namespace Banking.Silo.Health;

/// <summary>
/// Where the log's partitions ended when they were looked at. This tells how long, at least, the lake has lacked their next record, as
/// nobody looks all the time. Pure; not thread-safe.
/// </summary>
internal sealed class LagHistory
{
    private const int MaxSamples = 64;

    private readonly Dictionary<int, List<(long At, long End)>> _samples = [];

    /// <summary>Notes where a partition ends.</summary>
    /// <param name="at">A time that never goes back, in any unit.</param>
    public void Add(int partition, long at, long end)
    {
        if (!_samples.TryGetValue(partition, out var samples)) _samples[partition] = samples = [];

        // This is another log, or one that lost its tail.
        if (samples.Count > 0 && samples[^1].End > end) samples.Clear();
        if (samples.Count > 0 && samples[^1].End == end) return;
        samples.Add((at, end));
        if (samples.Count <= MaxSamples) return;
        var kept = samples.Where((_, i) => i % 2 == 0 || i == samples.Count - 1).ToArray();
        samples.Clear();
        samples.AddRange(kept);
    }

    /// <summary>
    /// The earliest time at which the partition was seen to have records from <paramref name="durable"/> on; null if it has none.
    /// </summary>
    public long? BehindSince(int partition, long durable)
    {
        if (!_samples.TryGetValue(partition, out var samples)) return null;
        samples.RemoveAll(sample => sample.End <= durable && sample != samples[^1]);
        return samples.Find(sample => sample.End > durable) is { End: > 0 } first ? first.At : null;
    }
}

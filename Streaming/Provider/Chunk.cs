using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// Records that were read together, with an index of the streams they belong to. If all belong to the partition's own stream and carry no
/// request context (the hot path), there is no index and no record is looked at twice. Immutable once built.
/// </summary>
internal sealed class Chunk
{
    private readonly Dictionary<StreamId, List<int>>? _positions;
    private readonly StreamId _own;

    private Chunk(LogRecord[] records, StreamId own, Dictionary<StreamId, List<int>>? positions)
    {
        Records = records;
        _own = own;
        _positions = positions;
        foreach (ref readonly var record in records.AsSpan()) Bytes += RecordSize.InMemory(record);
    }

    public LogRecord[] Records { get; }

    public long First => Records[0].Offset;

    /// <summary>The offset after the last record.</summary>
    public long End => Records[^1].Offset + 1;

    public long Bytes { get; }

    /// <summary>True if every record is of the partition's own stream and none has headers.</summary>
    public bool IsPlain => _positions is null;

    public IEnumerable<StreamId> Streams => _positions is null ? [_own] : _positions.Keys;

    public static Chunk Build(IReadOnlyList<LogRecord> records, StreamRouting routing, int partition)
    {
        var array = records as LogRecord[] ?? [.. records];
        var own = routing.OwnStream(partition);
        if (!HasHeaders(array)) return new Chunk(array, own, null);
        var positions = new Dictionary<StreamId, List<int>>();
        for (var i = 0; i < array.Length; i++)
        {
            var stream = routing.StreamOf(partition, array[i]);
            if (!positions.TryGetValue(stream, out var list)) positions.Add(stream, list = []);
            list.Add(i);
        }

        return new Chunk(array, own, positions);
    }

    /// <summary>The positions of a stream's records; null means all of them.</summary>
    public bool TryGetPositions(StreamId stream, out List<int>? positions)
    {
        positions = null;
        return _positions is null ? stream.Equals(_own) : _positions.TryGetValue(stream, out positions);
    }

    public long FirstOffsetOf(StreamId stream) => _positions is null ? First : Records[_positions[stream][0]].Offset;

    /// <summary>The position of the first record at or after an offset.</summary>
    public int Find(long offset)
    {
        var (low, high) = (0, Records.Length);
        // Offsets seldom have gaps: the guess is nearly always right.
        var guess = offset - First;
        if (guess <= 0) return 0;
        if (guess < high && Records[guess].Offset == offset) return (int)guess;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Records[middle].Offset < offset) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static bool HasHeaders(LogRecord[] records)
    {
        foreach (ref readonly var record in records.AsSpan())
        {
            for (var i = 0; i < record.Headers.Count; i++)
            {
                if (record.Headers[i].Name.StartsWith("orleans-", StringComparison.Ordinal)) return true;
            }
        }

        return false;
    }
}

/// <summary>Chunks in the order of their offsets, found by offset. Not thread-safe.</summary>
internal sealed class ChunkQueue
{
    private readonly List<Chunk> _chunks = [];

    public int Count => _chunks.Count;

    public Chunk Oldest => _chunks[0];

    public void Add(Chunk chunk) => _chunks.Add(chunk);

    public void RemoveOldest() => _chunks.RemoveAt(0);

    /// <summary>The first chunk that ends after an offset; null if there is none.</summary>
    public Chunk? Find(long offset)
    {
        var (low, high) = (0, _chunks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_chunks[middle].End <= offset) low = middle + 1;
            else high = middle;
        }

        return low < _chunks.Count ? _chunks[low] : null;
    }
}

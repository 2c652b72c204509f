using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// Gathers a stream's consecutive records, across chunks, until the limits are reached or the request context changes. A whole plain chunk
/// is taken as it is, without a copy.
/// </summary>
/// <param name="carriesContext">Whether request contexts travel with records at all; if not, their header is ignored.</param>
internal struct BatchBuilder(BatchLimits limits, bool carriesContext)
{
    private LogRecord[]? _whole;
    private List<LogRecord>? _records;
    private long _bytes;
    private ReadOnlyMemory<byte> _context;

    /// <summary>Whether the batch is full.</summary>
    public bool IsFull { get; private set; }

    public readonly int Count => _whole?.Length ?? _records?.Count ?? 0;

    public readonly ReadOnlyMemory<byte> Context => _context;

    public readonly LogRecord[] ToArray() => _whole ?? [.. _records!];

    /// <summary>Takes the records of a chunk at or after <paramref name="next"/>, and moves that past everything it looked at.</summary>
    public void Take(Chunk chunk, StreamId stream, ref long next)
    {
        if (!chunk.TryGetPositions(stream, out var positions))
        {
            next = chunk.End;
            return;
        }

        var start = chunk.Find(next);
        if (positions is null) TakePlain(chunk, start, ref next);
        else TakeIndexed(chunk, positions, start, ref next);
    }

    private void TakePlain(Chunk chunk, int start, ref long next)
    {
        if (Count > 0 && !_context.IsEmpty)
        {
            IsFull = true;
            return;
        }

        if (Count == 0 && start == 0 && chunk.Records.Length <= limits.Records && chunk.Bytes <= limits.Bytes)
        {
            (_whole, _bytes, next) = (chunk.Records, chunk.Bytes, chunk.End);
            return;
        }

        for (var i = start; i < chunk.Records.Length; i++)
        {
            if (!Add(chunk.Records[i])) return;
            next = chunk.Records[i].Offset + 1;
        }

        next = chunk.End;
    }

    private void TakeIndexed(Chunk chunk, List<int> positions, int start, ref long next)
    {
        var index = positions.BinarySearch(start);
        for (var i = index < 0 ? ~index : index; i < positions.Count; i++)
        {
            ref readonly var record = ref chunk.Records[positions[i]];
            var context = carriesContext ? RequestContextHeader.Of(record) : default;
            if (Count == 0) _context = context;
            else if (!context.Span.SequenceEqual(_context.Span)) IsFull = true;
            if (IsFull || !Add(record)) return;
            next = record.Offset + 1;
        }

        next = chunk.End;
    }

    private bool Add(in LogRecord record)
    {
        if (Count >= limits.Records || (Count > 0 && _bytes >= limits.Bytes)) IsFull = true;
        if (IsFull) return false;
        if (_records is null)
        {
            _records = _whole is null ? [] : [.. _whole];
            _whole = null;
        }

        _records.Add(record);
        _bytes += RecordSize.InMemory(record);
        return true;
    }
}

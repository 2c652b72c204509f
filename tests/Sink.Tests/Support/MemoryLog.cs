using Banking.Streaming.Log;

namespace Banking.Sink.Tests.Support;

/// <summary>One partition's log in memory, with retention, holes and a committed offset.</summary>
internal sealed class MemoryLog(string logId = "log1") : IPartitionedLog
{
    private readonly Lock _lock = new();
    private readonly List<LogRecord> _records = [];
    private long _next;
    private long _first;

    public string LogId => logId;

    public int PartitionCount { get; init; } = 1;

    public long? Committed { get; set; }

    public int Commits { get; private set; }

    /// <summary>Whether its bounds can't be read.</summary>
    public bool IsAway { get; set; }

    /// <summary>Reading ends here: a transaction is open at this offset. Null: there is none.</summary>
    public long? OpenTransaction { get; set; }

    public IReadOnlyList<LogRecord> Records
    {
        get
        {
            lock (_lock) return [.. _records];
        }
    }

    public long Add(byte[] value, long timestamp, byte[]? key = null, params LogHeader[] headers)
    {
        lock (_lock)
        {
            _records.Add(new LogRecord(_next, timestamp, key, value, headers));
            return _next++;
        }
    }

    /// <summary>Puts another log in this one's place, under the same id: an older copy, or one that lost its end.</summary>
    public void Replace(IEnumerable<LogRecord> records)
    {
        lock (_lock)
        {
            LogRecord[] kept = [.. records];
            _records.Clear();
            _records.AddRange(kept);
            _next = kept is [.., var last] ? last.Offset + 1 : _first;
        }
    }

    public void Skip(int offsets) => _next += offsets;

    public void RetainFrom(long offset)
    {
        lock (_lock)
        {
            _records.RemoveAll(record => record.Offset < offset);
            _first = offset;
        }
    }

    public LogRecordBatch Batch(long from, int count) => new(0, [.. Records.Where(record => record.Offset >= from).Take(count)]);

    public ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken) =>
        new(new Reader(this, offset));

    public ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken) =>
        IsAway ? throw new LogException("The log is away.") : new(new LogBounds(_first, _next));

    public ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken) => new(Committed);

    public ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken)
    {
        Committed = offset;
        Commits++;
        return default;
    }

    private sealed class Reader(MemoryLog log, long offset) : ILogReader
    {
        private long _at = offset;

        public long NextOffset => _at;

        public ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
        {
            if (_at < log._first || _at > log._next) throw new OffsetOutOfRangeException(0, _at, new LogBounds(log._first, log._next));
            var end = log.OpenTransaction ?? log._next;
            IReadOnlyList<LogRecord> records = [.. log.Batch(_at, maxRecords).Records.Where(record => record.Offset < end)];
            _at = records.Count > 0 ? records[^1].Offset + 1 : Math.Max(_at, end);
            return new(records);
        }

        public ValueTask DisposeAsync() => default;
    }
}

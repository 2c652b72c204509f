using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Provider;

/// <summary>A log of one partition in memory whose reads end only when the test lets them, like those of a broker far away.</summary>
internal sealed class MemoryLog : IPartitionedLog
{
    private readonly List<LogRecord> _records = [];
    private readonly List<TaskCompletionSource> _held = [];

    public bool HoldReads { get; set; }

    public long First { get; set; }

    /// <summary>What appends wait for.</summary>
    public Task AppendsOpened { get; set; } = Task.CompletedTask;

    /// <summary>Offsets behind the last record that are none, like a transaction's marker.</summary>
    public int HolesAtEnd { get; set; }

    public string LogId => "memory";

    public int PartitionCount => 1;

    /// <summary>The offsets that were committed, in order.</summary>
    public List<long> Commits { get; } = [];

    public int Held => _held.Count;

    public void Append(LogHeader[] headers, byte[]? value = null) =>
        _records.Add(new LogRecord(_records.Count, 0, default, value ?? [], headers));

    public LogRecord[] Take(long from, int maxRecords) => [.. _records.Skip((int)from).Take(maxRecords)];

    public void ReleaseReads()
    {
        TaskCompletionSource[] held = [.. _held];
        _held.Clear();
        foreach (var read in held) read.SetResult();
    }

    public async ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken)
    {
        await AppendsOpened;
        foreach (var record in records) Append([.. record.Headers], record.Value.ToArray());
        return _records.Count - 1;
    }

    public ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ILogReader>(new Reader(this, offset));

    public ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new LogBounds(First, _records.Count + HolesAtEnd));

    public ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken) =>
        ValueTask.FromResult<long?>(null);

    public ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken)
    {
        Commits.Add(offset);
        return ValueTask.CompletedTask;
    }

    private sealed class Reader(MemoryLog log, long next) : ILogReader
    {
        private long _next = next;

        public long NextOffset { get; private set; }

        public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
        {
            if (log.HoldReads)
            {
                var held = new TaskCompletionSource();
                log._held.Add(held);
                await held.Task;
            }

            var records = log.Take(_next, maxRecords);
            _next += records.Length;
            NextOffset = records.Length > 0 ? _next : _next + log.HolesAtEnd;
            return records;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

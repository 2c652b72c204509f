using Banking.Sqlite;
using Banking.Streaming.Log;

namespace Banking.Streaming.Sqlite;

/// <summary>Reads are synchronous: they come from the page cache in well under a millisecond, and a thread hop would cost more.</summary>
internal sealed class SqliteLogReader(ConnectionPool<LogFileReader> connections, PartitionState state, int partition, long offset)
    : ILogReader
{
    private long _next = offset;

    public long NextOffset => _next;

    public ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        var bounds = state.Bounds;
        if (_next < bounds.First || _next > bounds.Next) throw new OffsetOutOfRangeException(partition, _next, bounds);
        if (_next == bounds.Next) return ValueTask.FromResult<IReadOnlyList<LogRecord>>([]);
        // The file may already show more than the writer has announced; what is read and what the bounds say must agree.
        var records = connections.Read(
            (partition, _next, Count: (int)Math.Min(maxRecords, bounds.Next - _next)),
            static (reader, wanted) => reader.Read(wanted.partition, wanted._next, wanted.Count));
        // Retention may have removed the records between the check of the bounds and the read.
        if (records.Length == 0 || records[0].Offset != _next) throw new OffsetOutOfRangeException(partition, _next, state.Bounds);
        _next = records[^1].Offset + 1;
        return ValueTask.FromResult<IReadOnlyList<LogRecord>>(records);
    }

    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        await state.WhenBeyondAsync(_next, cancellationToken);
        return true;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

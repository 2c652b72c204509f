using Banking.Sqlite;
using Banking.Streaming.Log;

namespace Banking.Streaming.Sqlite;

/// <summary>
/// A read-only connection that readers borrow for one read, so that hundreds of readers do not mean hundreds of open files. Used by one
/// thread at a time.
/// </summary>
internal sealed class LogFileReader : IDisposable
{
    /// <summary>
    /// A read ends with the chunk that reaches this many bytes, so that a thousand large records don't take too much memory.
    /// </summary>
    private const int MaxReadBytes = 4 * 1024 * 1024;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _chunks;
    private readonly SqliteStatement _committed;

    public LogFileReader(string path)
    {
        _connection = LogFile.Connect(path, readOnly: true);
        _connection.Execute("PRAGMA cache_size=-1024");
        // The chunk that holds the offset is the last one that begins at or before it.
        _chunks = _connection.Prepare(
            "SELECT id, count, time, body FROM chunk WHERE id >= " +
            "coalesce((SELECT max(id) FROM chunk WHERE id <= ?1 AND id >= ?2), ?1) AND id < ?3 ORDER BY id");
        _committed = _connection.Prepare("SELECT offset FROM committed WHERE grp = ? AND partition = ?");
    }

    /// <summary>The records from <paramref name="offset"/> on, decoded from whole chunks, at most <paramref name="maxRecords"/>.</summary>
    public LogRecord[] Read(int partition, long offset, int maxRecords)
    {
        var records = new List<LogRecord>(Math.Min(maxRecords, 1_024));
        _chunks.Bind(1, LogFile.RowId(partition, offset)).Bind(2, LogFile.RowId(partition, 0)).Bind(3, LogFile.RowId(partition + 1, 0));
        try
        {
            for (var bytes = 0; records.Count < maxRecords && bytes < MaxReadBytes && _chunks.Step();)
            {
                var body = _chunks.Blob(3).ToArray();
                bytes += body.Length;
                Decode(LogFile.Offset(_chunks.Int64(0)), (int)_chunks.Int64(1), _chunks.Int64(2), body, offset, maxRecords, records);
            }
        }
        finally
        {
            _chunks.Reset();
        }

        return [.. records];
    }

    public long? GetCommitted(string group, int partition)
    {
        _committed.Bind(1, group).Bind(2, partition);
        try
        {
            return _committed.Step() ? _committed.Int64(0) : null;
        }
        finally
        {
            _committed.Reset();
        }
    }

    public void Dispose() => _connection.Dispose();

    private static void Decode(long first, int count, long time, byte[] body, long from, int maxRecords, List<LogRecord> records)
    {
        var position = 0;
        for (var i = 0; i < count && records.Count < maxRecords; i++)
        {
            var record = RecordBlock.Read(body, ref position, first + i, time);
            if (record.Offset >= from) records.Add(record);
        }
    }
}

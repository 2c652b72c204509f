using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Sqlite;

/// <summary>A file that several silos and clients in one process share: opened by the first, closed by the last. Thread-safe.</summary>
internal sealed class SharedSqliteLog : IPartitionedLog, IAsyncDisposable, IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, (SqliteLog Log, int Users)> OpenLogs = [];

    private readonly string _path;
    private readonly SqliteLog _log;
    private int _disposed;

    private SharedSqliteLog(string path, SqliteLog log)
    {
        _path = path;
        _log = log;
    }

    public string LogId => _log.LogId;

    public int PartitionCount => _log.PartitionCount;

    public static SharedSqliteLog Open(SqliteLogOptions options, TimeProvider time, ILogger logger)
    {
        var path = Path.GetFullPath(options.Path);
        lock (Gate)
        {
            var (log, users) = OpenLogs.TryGetValue(path, out var open) ? open : (SqliteLog.Open(options, time, logger), 0);
            OpenLogs[path] = (log, users + 1);
            return new SharedSqliteLog(path, log);
        }
    }

    public ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken) =>
        _log.AppendAsync(partition, records, cancellationToken);

    public ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken) =>
        _log.OpenReaderAsync(partition, offset, cancellationToken);

    public ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken) =>
        _log.GetBoundsAsync(partition, cancellationToken);

    public ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken) =>
        _log.GetCommittedAsync(group, partition, cancellationToken);

    public ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken) =>
        _log.CommitAsync(group, partition, offset, cancellationToken);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        lock (Gate)
        {
            var (log, users) = OpenLogs[_path];
            if (users > 1)
            {
                OpenLogs[_path] = (log, users - 1);
                return;
            }

            OpenLogs.Remove(_path);
            log.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

using Banking.Sqlite;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Sqlite;

/// <summary>
/// A partitioned log in one SQLite file (WAL, <c>synchronous=FULL</c>): appends to all partitions that come together form one transaction,
/// and complete when it is on the disk. Timestamps never go back within a partition, whatever the clock does. One process opens a file at a
/// time. Thread-safe.
/// </summary>
public sealed partial class SqliteLog : IPartitionedLog, IAsyncDisposable, IDisposable
{
    /// <summary>The most partitions a file can have.</summary>
    public const int MaxPartitions = 1024;

    private readonly FileStream _lock;
    private readonly PartitionState[] _partitions;
    private readonly SqliteLogWriter _writer;
    private readonly ConnectionPool<LogFileReader> _readers;
    private int _disposed;

    private SqliteLog(SqliteLogOptions options, FileStream fileLock, TimeProvider time, ILogger logger)
    {
        _lock = fileLock;
        var connection = LogFile.Open(options, out var logId, out var partitions);
        LogId = logId;
        _readers = new(
            () => new LogFileReader(options.Path), keep: int.MaxValue, () => new ObjectDisposedException(typeof(SqliteLog).FullName));
        try
        {
            _partitions = [.. Enumerable.Range(0, partitions).Select(partition => PartitionScan.Read(connection, partition, options))];
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        var retention = new Retention(
            connection, options, _partitions, time, exception => LogRetentionFailed(logger, options.Path, exception));
        _writer = new SqliteLogWriter(connection, _partitions, retention, time, options);
        LogOpened(logger, options.Path, logId, partitions);
    }

    public string LogId { get; }

    public int PartitionCount => _partitions.Length;

    /// <summary>Opens the file, or creates it.</summary>
    /// <exception cref="LogException">Another process has the file, it is read-only or damaged, or a newer version wrote it; nothing was
    /// changed.</exception>
    public static SqliteLog Open(SqliteLogOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var fileLock = TakeLock(options.Path);
        try
        {
            return new SqliteLog(options, fileLock, time, logger);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    public async ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        CheckPartition(partition);
        cancellationToken.ThrowIfCancellationRequested();
        if (records.Count == 0) return _partitions[partition].Bounds.Next - 1;
        return await _writer.EnqueueAsync(new WriteRequest(partition, records, group: null, offset: 0)).WaitAsync(cancellationToken);
    }

    public ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        CheckPartition(partition);
        return ValueTask.FromResult<ILogReader>(new SqliteLogReader(_readers, _partitions[partition], partition, offset));
    }

    public ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken)
    {
        CheckPartition(partition);
        return ValueTask.FromResult(_partitions[partition].Bounds);
    }

    public ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken)
    {
        CheckPartition(partition);
        return ValueTask.FromResult(_readers.Read((group, partition), static (reader, of) => reader.GetCommitted(of.group, of.partition)));
    }

    public async ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        CheckPartition(partition);
        await _writer.EnqueueAsync(new WriteRequest(partition, records: null, group, offset)).WaitAsync(cancellationToken);
    }

    /// <summary>Writes what was appended before, then closes the file.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _writer.Dispose();
        _readers.Dispose();
        _lock.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path));
            if (folder is not null) Directory.CreateDirectory(folder);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new LogException($"The log {path} can't be written: the file or its folder is read-only.", exception);
        }
        catch (IOException exception)
        {
            throw new LogException($"The log {path} can't be taken: {exception.Message} Does another process use it?", exception);
        }
    }

    private void CheckPartition(int partition)
    {
        if ((uint)partition >= (uint)_partitions.Length)
            throw new ArgumentOutOfRangeException(
                nameof(partition), partition, $"The log has the partitions 0 to {_partitions.Length - 1}.");
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);
    }

    [LoggerMessage(LogLevel.Information, "Opened the log {Path}: id {LogId}, {Partitions} partitions.")]
    private static partial void LogOpened(ILogger logger, string path, string logId, int partitions);

    [LoggerMessage(LogLevel.Error, "Old records of the log {Path} can't be removed; trying again later.")]
    private static partial void LogRetentionFailed(ILogger logger, string path, Exception exception);
}

using Banking.Sqlite;
using Banking.Storage.GroupCommit;
using Banking.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Banking.Storage.Sqlite;

/// <summary>A database file in use: its claim, its writer thread and its readers. Thread-safe.</summary>
internal sealed class SqliteGrainRows : IGrainRows
{
    private readonly SqliteFileLock? _claim;
    private readonly ConnectionPool<SqliteReader> _readers;
    private readonly string _path;
    private readonly GroupWriter _writer;
    private readonly StorageMetrics _metrics;

    private SqliteGrainRows(string name, SqliteGrainStorageOptions options, TimeProvider time, ILogger logger)
    {
        _path = options.Path;
        MakeFolder(_path);
        _claim = options.ExclusiveAccess ? new SqliteFileLock(_path) : null;
        try
        {
            var committer = new SqliteCommitter(SqliteDatabase.OpenWriter(options), _path);
            var queue = new WriteQueue(options.MaxQueuedWrites, options.MaxTransactionRows, options.MaxTransactionBytes, time);
            _metrics = new StorageMetrics(name, () => queue.Count);
            _readers = new(
                () => new SqliteReader(SqliteDatabase.OpenReader(options)), options.IdleReaders, () => ReadFailed("has stopped"));
            _writer = new GroupWriter(name, queue, [committer], _metrics, time, logger);
        }
        catch
        {
            _claim?.Dispose();
            throw;
        }
    }

    /// <exception cref="StorageOpenException">The file can't be used.</exception>
    public static Task<IGrainRows> OpenAsync(
        string name, SqliteGrainStorageOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken) =>
        Task.FromResult<IGrainRows>(new SqliteGrainRows(name, options, time, logger));

    public Task<WriteOutcome> WriteAsync(GrainWrite write) => _writer.WriteAsync(write);

    public ValueTask<StoredState> ReadAsync(GrainRow row) => new(Read(row, static (reader, wanted) => reader.ReadState(wanted)));

    public Task<IReadOnlyList<StoredState>> ReadManyAsync(IReadOnlyList<GrainRow> rows, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<StoredState>>(
            () => Read(rows, static (reader, wanted) => wanted.Select(reader.ReadState).ToArray()), cancellationToken);

    public Task<IReadOnlyList<string>> ReadKeysAsync(string stateName, string after, int limit, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<string>>(
            () =>
                Read((stateName, after, limit), static (reader, page) => reader.ReadKeys(page.stateName, page.after, page.limit)),
            cancellationToken);

    public Task<IReadOnlyList<GrainId>> ReadPendingAsync(
        string stateName, GrainId after, long writtenBefore, int limit, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<GrainId>>(
            () => Read(
                (stateName, after, writtenBefore, limit),
                static (reader, page) => reader.ReadPending(page.stateName, page.after, page.writtenBefore, page.limit)),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            _readers.Dispose();
            await _writer.StopAsync();
        }
        finally
        {
            _metrics.Dispose();
            _claim?.Dispose();
        }
    }

    private TResult Read<TArgument, TResult>(TArgument argument, Func<SqliteReader, TArgument, TResult> read)
    {
        try
        {
            return _readers.Read(argument, read);
        }
        catch (SqliteErrorException error)
        {
            throw ReadFailed($"could not be read: {error.Cause}", error);
        }
    }

    private StorageReadFailedException ReadFailed(string what, Exception? reason = null) =>
        new($"The grain storage '{_path}' {what}.", reason);

    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new StorageOpenException($"The grain storage '{path}' can't be used: its folder can't be made: {reason.Message}", reason);
        }
    }
}

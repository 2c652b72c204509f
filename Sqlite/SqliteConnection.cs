using SQLitePCL;

namespace Banking.Sqlite;

/// <summary>A connection without its own pooling or locks: used by one thread at a time. It disposes the statements it prepared.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int CacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private readonly List<SqliteStatement> _statements = [];
    private readonly Func<int, string, Exception> _failure;

    static SqliteConnection() => Batteries_V2.Init();

    /// <param name="path">The database file; created if it is missing, unless it is opened for reading only.</param>
    /// <param name="busyTimeout">How long a statement waits for another process's lock.</param>
    /// <param name="failure">What is thrown for SQLite's extended result code and its text.</param>
    /// <param name="readOnly">Whether nothing may be written through this connection.</param>
    public SqliteConnection(string path, TimeSpan busyTimeout, Func<int, string, Exception> failure, bool readOnly = false)
    {
        _failure = failure;
        var access = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        var code = raw.sqlite3_open_v2(path, out var handle, access | raw.SQLITE_OPEN_NOMUTEX, null);
        Handle = handle;
        if (code != raw.SQLITE_OK)
        {
            var error = Error(code);
            Handle.Dispose();
            throw error;
        }

        raw.sqlite3_extended_result_codes(Handle, 1);
        raw.sqlite3_busy_timeout(Handle, (int)busyTimeout.TotalMilliseconds);
    }

    public sqlite3 Handle { get; }

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(this, sql);
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql)
    {
        using var statement = new SqliteStatement(this, sql);
        while (statement.Step())
        {
        }
    }

    /// <summary>The first column of the first row, or 0 if there is none.</summary>
    public long Scalar(string sql)
    {
        using var statement = new SqliteStatement(this, sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>
    /// Throws if the file can't be written. SQLite opens such a file for reading only, and without this check the first write would be the
    /// one to find out.
    /// </summary>
    public void RequireWritable()
    {
        if (raw.sqlite3_db_readonly(Handle, "main") != 0) throw _failure(raw.SQLITE_READONLY, "Opened for reading only");
    }

    /// <summary>
    /// Rolls back what an interrupted transaction left behind; SQLite may have done so by itself already. Doesn't throw: the callers get
    /// the failure that led here, and a transaction that is still open fails the next BEGIN, whose callers get that.
    /// </summary>
    public void RollbackIfOpen()
    {
        if (raw.sqlite3_get_autocommit(Handle) == 0) _ = raw.sqlite3_exec(Handle, "ROLLBACK");
    }

    /// <summary>The number of database pages written since the last call.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(Handle, CacheWrite, out var pages, out _, resetFlg: 1));
        return pages;
    }

    /// <summary>Copies the write-ahead log into the database as far as readers let it, without waiting for anybody.</summary>
    public void Checkpoint() => Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);

    /// <summary>Copies all of the write-ahead log into the database and empties it; other connections must be closed.</summary>
    public void CheckpointAll() => Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);

    /// <summary>
    /// Makes closing leave the write-ahead log of another program's database as it is: what that program left in it is for that program to
    /// copy into the database.
    /// </summary>
    public void KeepLogAtClose(string path)
    {
        if (new FileInfo(path + "-wal") is { Exists: true, Length: > 0 })
            Check(raw.sqlite3_db_config(Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));
    }

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw Error(code);
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        Handle.Dispose();
    }

    private void Checkpoint(int mode) => Check(raw.sqlite3_wal_checkpoint_v2(Handle, "main", mode, out _, out _));

    private Exception Error(int code) =>
        _failure(code, (Handle.IsInvalid ? raw.sqlite3_errstr(code) : raw.sqlite3_errmsg(Handle)).utf8_to_string());
}

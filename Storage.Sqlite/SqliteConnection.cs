using SQLitePCL;

namespace Banking.Storage.Sqlite;

/// <summary>A connection without its own pooling or locks: used by one thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int CacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private readonly List<SqliteStatement> _statements = [];

    static SqliteConnection() => Batteries_V2.Init();

    /// <summary>Opens the file, and creates it if it is missing.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="busyTimeout">How long a statement waits for another process's lock.</param>
    public SqliteConnection(string path, TimeSpan busyTimeout)
    {
        const int Flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path, out var handle, Flags, null);
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

    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

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
        if (raw.sqlite3_db_readonly(Handle, "main") != 0) throw new SqliteErrorException(raw.SQLITE_READONLY, "Opened for reading only");
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

    /// <summary>Makes closing leave the write-ahead log as it is, instead of copying it into the database.</summary>
    public void KeepLogAtClose() => Check(raw.sqlite3_db_config(Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));

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

    private SqliteErrorException Error(int code) =>
        new(code, Handle.IsInvalid ? "Out of memory" : raw.sqlite3_errmsg(Handle).utf8_to_string());
}

using Banking.Streaming.Log;
using SQLitePCL;

namespace Banking.Streaming.Sqlite;

/// <summary>One connection, used by one thread at a time; its exceptions have sentences as messages.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly sqlite3 _db;
    private readonly string _path;

    static SqliteConnection() => Batteries_V2.Init();

    public SqliteConnection(string path, bool readOnly)
    {
        _path = path;
        var flags = (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE) | raw.SQLITE_OPEN_NOMUTEX;
        var result = raw.sqlite3_open_v2(path, out _db, flags, null);
        if (result != raw.SQLITE_OK)
        {
            var failure = Failure(result);
            _db.Dispose();
            throw failure;
        }

        raw.sqlite3_busy_timeout(_db, 10_000);
    }

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_db, sql, out var statement));
        return new SqliteStatement(this, statement);
    }

    public void Execute(string sql)
    {
        using var statement = Prepare(sql);
        while (statement.Step()) { }
    }

    public long ExecuteScalar(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>Rolls back what an interrupted transaction left behind; SQLite may have done so by itself already.</summary>
    public void RollbackIfOpen()
    {
        if (raw.sqlite3_get_autocommit(_db) != 0) return;
        try
        {
            Execute("ROLLBACK");
        }
        catch (LogException)
        {
            // The callers get the failure that led here; a transaction that is still open fails the next BEGIN, whose callers get that.
        }
    }

    /// <summary>Makes closing leave the write-ahead log as it is, instead of copying it into the database.</summary>
    public void KeepLogAtClose() => Check(raw.sqlite3_db_config(_db, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));

    public void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw Failure(result);
    }

    public void Dispose() => _db.Dispose();

    private LogException Failure(int result)
    {
        var text = _db is { IsInvalid: false } ? raw.sqlite3_errmsg(_db).utf8_to_string() : raw.sqlite3_errstr(result).utf8_to_string();
        return new LogException((result & 0xff) switch
        {
            raw.SQLITE_FULL => $"The log {_path} can't grow: the disk (or the file's limit) is full.",
            raw.SQLITE_READONLY => $"The log {_path} can't be written: the file or its folder is read-only.",
            raw.SQLITE_CANTOPEN => $"The log {_path} can't be opened: {text}.",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"The log {_path} is damaged or no log at all: {text}.",
            raw.SQLITE_IOERR => $"The log {_path} can't be read or written: {text}.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The log {_path} is held by someone else: {text}.",
            _ => $"The log {_path} failed: {text} (SQLite code {result}).",
        });
    }
}

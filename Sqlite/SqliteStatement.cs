using SQLitePCL;

namespace Banking.Sqlite;

/// <summary>A prepared statement. Parameters are numbered from 1, columns from 0. Reset it before it is bound and run again.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _handle;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        connection.Check(raw.sqlite3_prepare_v2(connection.Handle, sql, out _handle));
    }

    public SqliteStatement Bind(int index, long value) => Bound(raw.sqlite3_bind_int64(_handle, index, value));

    public SqliteStatement Bind(int index, string value) => Bound(raw.sqlite3_bind_text(_handle, index, value));

    public SqliteStatement BindNull(int index) => Bound(raw.sqlite3_bind_null(_handle, index));

    /// <summary>Binds a BLOB, also if it is empty: an empty span has no address, which SQLite would take for NULL.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value) => Bound(
        value.IsEmpty ? raw.sqlite3_bind_zeroblob(_handle, index, 0) : raw.sqlite3_bind_blob(_handle, index, value));

    /// <summary>Goes to the next row; false after the last.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        _connection.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready to run again.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Ends the execution, and with it the read lock that a query holds.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_handle); // It repeats the error that Step has thrown already.

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string();

    /// <summary>The column's bytes, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_handle, column);

    public void Dispose() => _handle.Dispose();

    private SqliteStatement Bound(int code)
    {
        _connection.Check(code);
        return this;
    }
}

using SQLitePCL;

namespace Banking.Streaming.Sqlite;

/// <summary>A prepared statement; call <see cref="Reset"/> before it is bound and run again.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt statement) : IDisposable
{
    public SqliteStatement Bind(int index, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        connection.Check(raw.sqlite3_bind_text(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        connection.Check(raw.sqlite3_bind_blob(statement, index, value));
        return this;
    }

    /// <summary>Goes to the next row; true while there is one.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        connection.Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that returns no rows, and makes it ready for the next run.</summary>
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

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>The column's bytes, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    // Its result repeats the failure of the last step, which that step already reported.
    public void Reset() => raw.sqlite3_reset(statement);

    public void Dispose() => statement.Dispose();
}

using SQLitePCL;

namespace Banking.Storage.Sqlite;

/// <summary>An error reported by SQLite. <paramref name="code"/> is its extended result code.</summary>
internal sealed class SqliteErrorException(int code, string message) : Exception($"{message} (SQLite {code})")
{
    public int PrimaryCode { get; } = code & 0xff;

    /// <summary>What is wrong, as part of a sentence that an operator can act on.</summary>
    public string Cause => PrimaryCode switch
    {
        raw.SQLITE_FULL => "the disk, or the room that the settings give it, is full",
        raw.SQLITE_READONLY => "it is read-only",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another process has locked it",
        raw.SQLITE_NOTADB => "it is not a SQLite database",
        raw.SQLITE_CORRUPT => "it is damaged",
        raw.SQLITE_CANTOPEN => "it can't be opened or created",
        raw.SQLITE_PERM or raw.SQLITE_AUTH => "access to it is denied",
        raw.SQLITE_IOERR => "the disk reported an error",
        _ => "SQLite refused",
    };
}

using Banking.Sqlite;
using Banking.Streaming.Log;
using SQLitePCL;

namespace Banking.Streaming.Sqlite;

/// <summary>
/// The schema of the log's file. A row of <c>chunk</c> holds consecutive records of one partition that were committed together; its id is
/// <c>partition &lt;&lt; 48 | first offset</c>, so that a partition's rows are together and in offset order.
/// </summary>
internal static class LogFile
{
    public const int Version = 1;
    public const int OffsetBits = 48;

    /// <summary>"BGLG" distinguishes the file from other programs' databases.</summary>
    private const int ApplicationId = 0x42474c47;

    public static long RowId(int partition, long offset) => ((long)partition << OffsetBits) | offset;

    public static long Offset(long rowId) => rowId & ((1L << OffsetBits) - 1);

    /// <summary>Opens the file for writing and creates the tables if they are missing.</summary>
    /// <exception cref="LogException">The file can't be opened, or a newer version or another program wrote it; it was left as it
    /// is.</exception>
    public static SqliteConnection Open(SqliteLogOptions options, out string logId, out int partitions)
    {
        var connection = Connect(options.Path);
        try
        {
            // Checked before anything is set, as the journal mode is written into the file.
            var version = ReadVersion(connection, options.Path);
            connection.Execute("PRAGMA journal_mode=WAL");
            connection.Execute("PRAGMA synchronous=FULL");
            connection.Execute("PRAGMA wal_autocheckpoint=4000");
            connection.Execute("PRAGMA cache_size=-8192");
            if (options.MaxPages is { } pages) connection.Execute($"PRAGMA max_page_count={pages}");
            if (version == 0) Create(connection, options.Partitions);
            using var meta = new SqliteStatement(connection, "SELECT log_id, partitions FROM meta");
            if (!meta.Step()) throw new LogException($"The log {options.Path} is damaged: it has no id.");
            logId = meta.Text(0);
            partitions = (int)meta.Int64(1);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection whose exceptions are <see cref="LogException"/>s with sentences as messages.</summary>
    public static SqliteConnection Connect(string path, bool readOnly = false) =>
        new(path, TimeSpan.FromSeconds(10), (code, text) => Failure(path, code & 0xff, text), readOnly);

    private static long ReadVersion(SqliteConnection connection, string path)
    {
        var owner = connection.Scalar("PRAGMA application_id");
        var version = connection.Scalar("PRAGMA user_version");
        var isEmpty = owner == 0 && version == 0 && connection.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (isEmpty || (owner == ApplicationId && version <= Version)) return version;

        connection.KeepLogAtClose(path);
        throw new LogException(owner == ApplicationId
            ? $"The log {path} has the schema version {version}; this program knows {Version}. Start the newer program, or give another "
                + "path."
            : $"The file {path} is the database of another program, not a log. Give another path.");
    }

    private static LogException Failure(string path, int code, string text) => new(code switch
    {
        raw.SQLITE_FULL => $"The log {path} can't grow: the disk (or the file's limit) is full.",
        raw.SQLITE_READONLY => $"The log {path} can't be written: the file or its folder is read-only.",
        raw.SQLITE_CANTOPEN => $"The log {path} can't be opened: {text}.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"The log {path} is damaged or no log at all: {text}.",
        raw.SQLITE_IOERR => $"The log {path} can't be read or written: {text}.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The log {path} is held by someone else: {text}.",
        _ => $"The log {path} failed: {text} (SQLite code {code}).",
    });

    private static void Create(SqliteConnection connection, int partitions)
    {
        var logId = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..12];
        connection.Execute("BEGIN IMMEDIATE");
        connection.Execute("CREATE TABLE meta(log_id TEXT NOT NULL, partitions INTEGER NOT NULL)");
        connection.Execute("CREATE TABLE chunk(id INTEGER PRIMARY KEY, count INTEGER NOT NULL, time INTEGER NOT NULL, body BLOB NOT NULL)");
        // What retention has removed: the offsets and the clock of a partition go on from here when all its chunks are gone.
        connection.Execute("CREATE TABLE tail(partition INTEGER PRIMARY KEY, next INTEGER NOT NULL, time INTEGER NOT NULL)");
        connection.Execute(
            "CREATE TABLE committed(grp TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY(grp, partition)) "
                + "WITHOUT ROWID");
        connection.Execute($"INSERT INTO meta VALUES('{logId}', {partitions})");
        connection.Execute($"PRAGMA application_id={ApplicationId}");
        connection.Execute($"PRAGMA user_version={Version}");
        connection.Execute("COMMIT");
    }
}

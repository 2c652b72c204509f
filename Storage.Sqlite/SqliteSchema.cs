using System.Globalization;
using Banking.Sqlite;

namespace Banking.Storage.Sqlite;

/// <summary>The tables, and the steps from each version to the next. <c>PRAGMA user_version</c> counts the steps made.</summary>
/// <remarks>
/// A rowid table, because a payload beside the key in a WITHOUT ROWID table made random updates a third slower and the file twice as large.
/// The key columns lead with the grain's key so that keys can be listed in order. A cleared row keeps its version and has a null payload.
/// Neither index holds a column that changes with every write.
/// </remarks>
internal static class SqliteSchema
{
    private const long ApplicationId = 0x42475354; // "BGST"

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE grain_state (
            id INTEGER PRIMARY KEY,
            version INTEGER NOT NULL,
            pending INTEGER NOT NULL,
            written_at INTEGER NOT NULL,
            state_name TEXT NOT NULL,
            grain_key BLOB NOT NULL,
            grain_type BLOB NOT NULL,
            payload BLOB
        ) STRICT;
        """,
        "CREATE UNIQUE INDEX grain_state_key ON grain_state (state_name, grain_key, grain_type);",
        "CREATE INDEX grain_state_pending ON grain_state (state_name, grain_key, grain_type) WHERE pending = 1;",
    ];

    /// <summary>
    /// Checks that the database is empty or this program's. Changes nothing; a refused database stays as it is, even when it is closed.
    /// </summary>
    /// <exception cref="StorageOpenException">A newer program, or another one, made the database.</exception>
    public static void RequireOwn(SqliteConnection connection, string path)
    {
        try
        {
            // In one transaction: if a silo is creating the file meanwhile, it must not be seen half-done.
            connection.Execute("BEGIN");
            ReadVersion(connection, path);
            connection.Execute("COMMIT");
        }
        catch
        {
            connection.KeepLogAtClose(path);
            throw;
        }
    }

    /// <summary>Brings the database to this program's version, or leaves it as it is.</summary>
    /// <exception cref="StorageOpenException">A newer program, or another one, made the database.</exception>
    public static void Migrate(SqliteConnection connection, string path)
    {
        connection.Execute("BEGIN IMMEDIATE");
        // Read once more, in the transaction: another silo may have created or migrated it since.
        var version = ReadVersion(connection, path);
        for (var step = (int)version; step < Steps.Length; step++) connection.Execute(Steps[step]);
        if (version < Steps.Length)
        {
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Steps.Length}"));
        }

        connection.Execute("COMMIT");
    }

    private static long ReadVersion(SqliteConnection connection, string path)
    {
        var owner = connection.Scalar("PRAGMA application_id");
        var version = connection.Scalar("PRAGMA user_version");
        if (owner != ApplicationId && (owner != 0 || version != 0 || connection.Scalar("SELECT count(*) FROM sqlite_master") != 0))
            throw new StorageOpenException($"The file '{path}' is the database of another program, not a grain storage.");
        if (version > Steps.Length)
        {
            throw new StorageOpenException(
                $"The grain storage '{path}' has schema version {version}; this program knows versions up to {Steps.Length}. "
                + "Use the newer program.");
        }

        return version;
    }
}

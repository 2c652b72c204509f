using System.Globalization;
using Banking.Sqlite;

namespace Banking.Storage.Sqlite;

/// <summary>Opens a database file according to the options, and turns failures into a sentence that names the file.</summary>
internal static class SqliteDatabase
{
    /// <summary>Opens the writing connection and brings the schema up to date.</summary>
    /// <exception cref="StorageOpenException">The file can't be used.</exception>
    public static SqliteConnection OpenWriter(SqliteGrainStorageOptions options)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = Connect(options.Path, options.BusyTimeout);
            connection.RequireWritable();
            // Checked before anything is set, as the journal mode is written into the file.
            SqliteSchema.RequireOwn(connection, options.Path);
            connection.Execute("PRAGMA page_size = 4096");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute($"PRAGMA synchronous = {(options.Durability == SqliteDurability.Full ? "FULL" : "NORMAL")}");
            connection.Execute("PRAGMA wal_autocheckpoint = 0");
            SetCache(connection, options.WriterCacheBytes);
            SqliteSchema.Migrate(connection, options.Path);
            if (options.MaxFileBytes is { } bytes)
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {bytes / 4096}"));
            return connection;
        }
        catch (Exception reason)
        {
            connection?.Dispose();
            if (reason is not SqliteErrorException error) throw;
            throw new StorageOpenException($"The grain storage '{options.Path}' can't be used: {error.Cause}. {error.Message}", error);
        }
    }

    public static SqliteConnection OpenReader(SqliteGrainStorageOptions options)
    {
        var connection = Connect(options.Path, options.BusyTimeout);
        try
        {
            connection.Execute("PRAGMA query_only = 1");
            SetCache(connection, options.ReaderCacheBytes);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection whose exceptions are <see cref="SqliteErrorException"/>s.</summary>
    public static SqliteConnection Connect(string path, TimeSpan busyTimeout) =>
        new(path, busyTimeout, static (code, text) => new SqliteErrorException(code, text));

    private static void SetCache(SqliteConnection connection, long bytes) =>
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{bytes / 1024}"));
}

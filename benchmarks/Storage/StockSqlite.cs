using Microsoft.Data.Sqlite;

namespace Banking.Benchmarks.Storage;

/// <summary>A SQLite file with the tables and queries of Orleans' AdoNet storage.</summary>
internal static class StockSqlite
{
    /// <returns>The connection string for the storage.</returns>
    public static string Create(string path)
    {
        // Its pooled connections are at SQLite's own default, synchronous=FULL.
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL;" + EmbeddedText.Read("Sqlite-Persistence.sql");
        command.ExecuteNonQuery();
        return connectionString;
    }

    /// <summary>Lets go of the files.</summary>
    public static void Close() => SqliteConnection.ClearAllPools();
}

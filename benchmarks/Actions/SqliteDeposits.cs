using Microsoft.Data.Sqlite;

namespace Banking.Benchmarks.Actions;

/// <summary>What one would write without this platform: a row an account, and a durable transaction a deposit, on one connection.</summary>
internal static class SqliteDeposits
{
    /// <returns>Deposits per second.</returns>
    public static double Run(string path, int accounts, TimeSpan duration, TimeProvider time)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute(
            connection,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE account(id INTEGER PRIMARY KEY, cash INTEGER NOT NULL)");
        Execute(
            connection,
            $"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {accounts - 1}) INSERT INTO account SELECT i, 0 "
                + "FROM n");
        using var deposit = connection.CreateCommand();
        deposit.CommandText = "UPDATE account SET cash = cash + 125 WHERE id = $id";
        var id = deposit.Parameters.Add("$id", SqliteType.Integer);
        deposit.Prepare();
        var start = time.GetTimestamp();
        var done = 0L;
        for (; time.GetElapsedTime(start) < duration; done++)
        {
            id.Value = done % accounts;
            deposit.ExecuteNonQuery();
        }

        return done / time.GetElapsedTime(start).TotalSeconds;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

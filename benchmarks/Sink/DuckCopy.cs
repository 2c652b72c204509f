using DuckDB.NET.Data;

namespace Banking.Benchmarks.Sink;

/// <summary>The peer: DuckDB on one thread writes the rows that the sink wrote.</summary>
internal static class DuckCopy
{
    /// <returns>Rows per second from a table in memory with the lake's columns, and from the JSON lines.</returns>
    public static (double FromTable, double FromJson) Run(Workbench bench, TemporaryFolder folder, int rows)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, "SET threads = 1");
        Execute(
            connection,
            $"CREATE TABLE rows AS SELECT * FROM read_parquet('{folder.File("lake")}/*/*/*.parquet', hive_partitioning = false)");
        double Copy(string source, string file)
        {
            var start = bench.Time.GetTimestamp();
            Execute(connection, $"COPY ({source}) TO '{folder.File(file)}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 125000)");
            return rows / bench.Time.GetElapsedTime(start).TotalSeconds;
        }

        Copy("SELECT * FROM rows", "warm-up.parquet");
        return (
            Copy("SELECT * FROM rows", "rows.parquet"),
            Copy($"SELECT * FROM read_ndjson_auto('{folder.File("events.jsonl")}')", "json.parquet"));
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

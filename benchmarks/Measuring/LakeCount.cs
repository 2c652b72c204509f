using DuckDB.NET.Data;

namespace Banking.Benchmarks.Measuring;

/// <summary>Counts what is in a lake with an engine that nobody here wrote.</summary>
internal static class LakeCount
{
    private static readonly string[] AccountTables = ["cash_transactions", "account_status"];

    /// <summary>Rows and different events of the accounts whose ids begin with a prefix.</summary>
    public static (long Rows, long Events) Of(string lake, string prefix)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var (rows, events) = (0L, 0L);
        foreach (var table in AccountTables.Where(table => Directory.Exists(Path.Combine(lake, table))))
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                $"select count(*), count(distinct event_id) from read_parquet('{lake}/{table}/*/*.parquet') where starts_with(account_id, "
                    + $"'{prefix}')";
            using var reader = command.ExecuteReader();
            reader.Read();
            rows += reader.GetInt64(0);
            events += reader.GetInt64(1);
        }

        return (rows, events);
    }

    /// <exception cref="BenchmarkFailedException">Something acknowledged is not there once.</exception>
    public static void Require(string lake, string prefix, long acknowledged)
    {
        var (rows, events) = Of(lake, prefix);
        if (rows != acknowledged || events != acknowledged)
            throw new BenchmarkFailedException(
                $"{acknowledged} actions were acknowledged, but the lake has {rows} rows of {events} events.");
    }
}

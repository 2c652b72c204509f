using DuckDB.NET.Data;

namespace Banking.Sink.Tests.Support;

/// <summary>Reads the lake with an engine that nobody here wrote. <c>{table}</c> in a query stands for the table's files.</summary>
internal sealed class DuckLake : IDisposable
{
    private readonly string _root;
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckLake(string root)
    {
        _root = root;
        _connection.Open();
    }

    public string Files(string table) => $"{_root}/{table}/*/*.parquet";

    public List<object?[]> Query(string table, string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql
            .Replace("{table}", $"read_parquet('{Files(table)}', hive_partitioning = true)", StringComparison.Ordinal)
            .Replace("{files}", $"'{Files(table)}'", StringComparison.Ordinal);
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }

    public T Scalar<T>(string table, string sql) =>
        (T)Convert.ChangeType(Query(table, sql)[0][0]!, typeof(T), System.Globalization.CultureInfo.InvariantCulture);

    public long Count(string table) =>
        Directory.Exists($"{_root}/{table}") && Directory.EnumerateFiles($"{_root}/{table}", "*.parquet", SearchOption.AllDirectories).Any()
            ? Scalar<long>(table, "select count(*) from {table}")
            : 0;

    public void Dispose() => _connection.Dispose();
}

using System.Globalization;
using DuckDB.NET.Data;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>Reads the files of a lake with DuckDB, without any of our own views.</summary>
internal sealed class LakeReader : IDisposable
{
    public static readonly string[] Tables = ["asset_prices", "account_status", "asset_transactions", "cash_transactions"];

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly string _lake;

    public LakeReader(string lake)
    {
        _lake = lake;
        _connection.Open();
    }

    /// <summary>Rows with an identity, doubles included.</summary>
    public long CountAccountEvents() =>
        Existing.Sum(table => Scalar($"SELECT count(*) FROM read_parquet('{Files(table)}') WHERE event_id IS NOT NULL"));

    public long Count(string table, string where = "true") =>
        Existing.Contains(table)
            ? Scalar($"SELECT count(*) FROM read_parquet('{Files(table)}', hive_partitioning = true) WHERE {where}")
            : 0;

    /// <summary>An expression's values in the rows of all tables, doubles included.</summary>
    public IEnumerable<string> Texts(string expression, string where) =>
        Existing.SelectMany(table => Rows($"SELECT {expression} FROM read_parquet('{Files(table)}') WHERE {where}"))
            .Select(row => (string)row[0]!);

    /// <summary>
    /// The files of a chain must cover its offsets without gap and overlap, go on in days, and hold only rows of their own offsets.
    /// </summary>
    public IReadOnlyList<string> FindBrokenChains()
    {
        var found = new List<string>();
        foreach (var table in Existing)
        {
            var files = Rows(
                "SELECT file_name, max(decode(value)) FILTER (decode(key) = 'banking.log'), max(decode(value)) FILTER (decode(key) = "
                    + "'banking.partition'),"
                + " max(decode(value)) FILTER (decode(key) = 'banking.start'), max(decode(value)) FILTER (decode(key) = 'banking.end'),"
                + $" max(decode(value)) FILTER (decode(key) = 'banking.rows') FROM parquet_kv_metadata('{Files(table)}') GROUP BY "
                + "file_name");
            var rows = Rows(
                "SELECT filename, min(log_offset), max(log_offset), count(*), min(log_partition), max(log_partition)"
                + $" FROM read_parquet('{Files(table)}', filename = true) GROUP BY filename")
                    .ToDictionary(row => (string)row[0]!, row => row);
            foreach (var chain in files.Select(row => ChainPiece.From(row, rows)).GroupBy(piece => (piece.Log, piece.Partition)))
            {
                ChainPiece? before = null;
                foreach (var piece in chain.OrderBy(piece => piece.Start))
                {
                    found.AddRange(piece.FindFaults(before).Select(fault => $"{Path.GetRelativePath(_lake, piece.File)} {fault}"));
                    before = piece;
                }
            }
        }

        return found;
    }

    public void Dispose() => _connection.Dispose();

    private string Files(string table) => $"{_lake}/{table}/*/*.parquet";

    private string[] Existing => [.. Tables.Where(table =>
        Directory.Exists($"{_lake}/{table}")
            && Directory.EnumerateFiles($"{_lake}/{table}", "*.parquet", SearchOption.AllDirectories).Any())];

    private long Scalar(string sql) => Convert.ToInt64(Rows(sql)[0][0], CultureInfo.InvariantCulture);

    private List<object?[]> Rows(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }
        return rows;
    }
}

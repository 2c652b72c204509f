using System.Collections.Immutable;
using Banking.Lake.Tables;

namespace Banking.Client.Querying;

/// <summary>The views over the lake's tables, with all their columns, so that a table exists before it has a file.</summary>
internal static class LakeViews
{
    public static string AccountStatus => LakeTables.AccountStatus.Name;

    public static string AssetTransactions => LakeTables.AssetTransactions.Name;

    public static string CashTransactions => LakeTables.CashTransactions.Name;

    /// <summary>Name and columns of each view: the columns in the order of the files, the partition column last.</summary>
    public static ImmutableArray<(string Name, string Columns)> All { get; } =
        [.. LakeTables.All.Select(table => (table.Name, $"{string.Join(", ", table.Columns.Select(Declare))}, {LakeTables.DayColumn} "
            + "VARCHAR"))];

    /// <summary>A column and its type, as DuckDB names it.</summary>
    public static string Declare(LakeColumn column) => column.Name + column.Type switch
    {
        LakeColumnType.Text => " VARCHAR",
        LakeColumnType.Integer => " INTEGER",
        LakeColumnType.BigInteger => " BIGINT",
        LakeColumnType.Timestamp => " TIMESTAMP",
        _ => $" DECIMAL({LakeColumn.DecimalPrecision},{column.Scale})",
    };

    /// <summary>A statement that creates a table's view over its committed files in <paramref name="lake"/>.</summary>
    /// <remarks>
    /// The empty part names every column, so the view has them even if files are older than a column, or if there are no files yet.
    /// </remarks>
    public static string CreateView(string name, string columns, string lake)
    {
        var globs = LakeFiles.Globs(lake, name);
        var empty = string.Join(
            ", ", columns.Split(", ").Select(column => column.Split(' ')).Select(column => $"NULL::{column[1]} AS {column[0]}"));
        var view = $"CREATE VIEW {name} AS SELECT {empty} WHERE false";
        // A glob that finds nothing is an error, so files are looked for first. The day is the last one in the path: the engine's own
        // partitioning would also take folders above the lake for columns. Days that a query does not want are still skipped by their
        // files' names.
        return globs.Count > 0
            ? $"{view} UNION ALL BY NAME SELECT * EXCLUDE (filename), regexp_extract(filename, '.*[/\\\\]dt=([^/\\\\]*)[/\\\\]', 1) AS dt "
                + $"FROM read_parquet([{string.Join(", ", globs.Select(Quote))}], "
                + "hive_partitioning = false, filename = true, union_by_name = true)"
            : view;
    }

    /// <summary>An SQL string literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

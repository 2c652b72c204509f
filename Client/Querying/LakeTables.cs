using System.Collections.Immutable;

namespace Banking.Client.Querying;

/// <summary>The tables of the lake with all their columns, so that a table exists before it has a file.</summary>
internal static class LakeTables
{
    public const string AssetPrices = "asset_prices";
    public const string AccountStatus = "account_status";
    public const string AssetTransactions = "asset_transactions";
    public const string CashTransactions = "cash_transactions";

    private const string Request = "raw_event VARCHAR, timestamp VARCHAR, accept VARCHAR, host VARCHAR, user_agent VARCHAR, event_type VARCHAR, description VARCHAR";
    private const string Body = ", content_length INTEGER, accept_encoding VARCHAR, connection VARCHAR, content_type VARCHAR";

    private const string Typed =
        ", event_id VARCHAR, account_id VARCHAR, sequence_number BIGINT, action_id VARCHAR, occurred_at TIMESTAMP, asset_name VARCHAR, asset_type VARCHAR"
        + ", quantity BIGINT, unit_price DECIMAL(18,6), amount DECIMAL(18,2), cash_balance DECIMAL(18,2), log_partition INTEGER, log_offset BIGINT, dt VARCHAR";

    /// <summary>Name and columns, in the order of the files; the partition column last.</summary>
    public static ImmutableArray<(string Name, string Columns)> All { get; } =
    [
        (AssetPrices, Request + Typed),
        (AccountStatus, Request + Body + Typed),
        (AssetTransactions, Request + Body + Typed),
        (CashTransactions, Request + Body + Typed),
    ];

    /// <summary>A statement that makes a table's view over its committed files in <paramref name="lake"/>.</summary>
    /// <remarks>The empty part names every column, so the view has them even where files are older than a column, or where there is none yet.</remarks>
    public static string CreateView(string name, string columns, string lake)
    {
        var globs = LakeFiles.Globs(lake, name);
        var empty = string.Join(", ", columns.Split(", ").Select(column => column.Split(' ')).Select(column => $"NULL::{column[1]} AS {column[0]}"));
        var view = $"CREATE VIEW {name} AS SELECT {empty} WHERE false";
        // A glob that finds nothing is an error, so files are looked for first. The day is the last one in the path: the engine's own
        // partitions would take folders above the lake for columns too. A day that a query does not want is still left out by its files'
        // names.
        return globs.Count > 0
            ? $"{view} UNION ALL BY NAME SELECT * EXCLUDE (filename), regexp_extract(filename, '.*[/\\\\]dt=([^/\\\\]*)[/\\\\]', 1) AS dt "
                + $"FROM read_parquet([{string.Join(", ", globs.Select(Quote))}], "
                + "hive_partitioning = false, filename = true, union_by_name = true)"
            : view;
    }

    /// <summary>An SQL string literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

using Banking.Client.Querying;
using DuckDB.NET.Data;

namespace Banking.Client.Tests.Querying;

/// <summary>Makes a lake as the sink does, with DuckDB.</summary>
internal sealed class LakeWriter(string lake)
{
    private int _files;

    public string Path => lake;

    /// <summary>Writes one file of a table from the columns given; the others are missing in it.</summary>
    public string Write(string table, string select, string day = "2026-11-24", string? name = null)
    {
        var folder = System.IO.Path.Combine(lake, table, $"dt={day}");
        Directory.CreateDirectory(folder);
        var file = System.IO.Path.Combine(folder, name ?? $"events-{_files++:D4}.parquet");
        Execute($"COPY ({select}) TO {LakeViews.Quote(file)} (FORMAT parquet)");
        return file;
    }

    /// <summary>Makes a day what its newest compaction says.</summary>
    public void Compact(string table, string select, string day, long generation)
    {
        var folder = $"compacted/{table}/dt={day}/{generation:D20}-0f";
        Directory.CreateDirectory(System.IO.Path.Combine(lake, folder));
        Execute($"COPY ({select}) TO {LakeViews.Quote(System.IO.Path.Combine(lake, folder, "part-00000.parquet"))} (FORMAT parquet)");
        var manifests = Directory.CreateDirectory(System.IO.Path.Combine(lake, "_compactions", table, $"dt={day}")).FullName;
        File.WriteAllText(
            System.IO.Path.Combine(manifests, $"{generation:D20}"), $$"""{"generation":{{generation}},"folder":"{{folder}}"}""");
        File.WriteAllText(System.IO.Path.Combine(manifests, "sealed"), "sealed");
    }

    public static void Execute(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

using Parquet;

namespace Banking.Sink.Tests.Support;

/// <summary>Makes a lake's files what earlier builds wrote.</summary>
internal static class OldLake
{
    /// <summary>
    /// Takes the evidence out of all footers. The engine that rewrites them keeps the rows, their order and the rest of the metadata.
    /// </summary>
    public static async Task StripEvidenceAsync(string root)
    {
        foreach (var file in Directory.EnumerateFiles(root, "*.parquet", SearchOption.AllDirectories))
        {
            var metadata = await MetadataAsync(file);
            var kept = metadata.Where(
                pair => pair.Key is "banking.table" or "banking.log" or "banking.partition" or "banking.start" or "banking.end"
                    or "banking.rows" or "banking.created" or "banking.schema")
                .Select(pair => $"'{pair.Key}': '{pair.Value}'");
            using (var duck = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:"))
            {
                duck.Open();
                using var command = duck.CreateCommand();
                command.CommandText =
                    $"copy (select * from read_parquet('{file}', hive_partitioning = false)) to '{file}.old' (format parquet, kv_metadata "
                        + $"{{{string.Join(", ", kept)}}})";
                command.ExecuteNonQuery();
            }

            File.Move(file + ".old", file, overwrite: true);
        }
    }

    private static async Task<Dictionary<string, string>> MetadataAsync(string file)
    {
        await using var reader = await ParquetReader.CreateAsync(file);
        return new(reader.CustomMetadata);
    }
}

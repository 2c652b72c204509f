using Banking.Benchmarks.Postgres;
using Npgsql;

namespace Banking.Benchmarks.Cold;

/// <summary>What the accounts' storage takes on the disk.</summary>
internal static class DatabaseSize
{
    public static async Task<long> OfAsync(string sqliteFile, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(BenchDatabase.Setting) is not { Length: > 0 } database)
        {
            return new FileInfo(sqliteFile).Length;
        }
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("SELECT pg_total_relation_size('grain_storage.grain_state')");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

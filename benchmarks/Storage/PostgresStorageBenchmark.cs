using Banking.Benchmarks.Postgres;
using Npgsql;

namespace Banking.Benchmarks.Storage;

/// <summary>Writes of grain states to PostgreSQL, each answered when it is committed.</summary>
internal sealed class PostgresStorageBenchmark : IBenchmark
{
    // What a default server leaves to others stays free; more connections than this were no faster.
    private const int StockConnections = 40;

    public string Name => "storage-postgres";

    public string Summary =>
        $"Durable writes of {StorageComparison.Grains} grains, and of one, to PostgreSQL; peer: Orleans' AdoNet storage with Npgsql, set "
            + "up as its scripts do.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Say($"Grains write states of {GrainWrites.StateBytes} bytes for {bench.Duration.TotalSeconds} s.");
        await using var database = await BenchDatabase.CreateAsync(bench, cancellationToken);
        await using var stockDatabase = await BenchDatabase.CreateAsync(bench, cancellationToken);
        await using var tunedDatabase = await BenchDatabase.CreateAsync(bench, cancellationToken);
        await using var ours = await StartedStorage.OpenAsync(
            (services, name) => services.AddPostgresGrainStorage(
                name, options => options.Configure(storage => storage.ConnectionString = database.ConnectionString)));
        await using var stock = await OpenStockAsync(stockDatabase, "PostgreSQL-Function.sql", prepared: 0, cancellationToken);
        await using var tuned = await OpenStockAsync(tunedDatabase, "PostgreSQL-OneStatement.sql", prepared: 10, cancellationToken);
        return await StorageComparison.RunAsync(bench, ours, stock, tuned);
    }

    private static async Task<StartedStorage> OpenStockAsync(
        BenchDatabase database, string writing, int prepared, CancellationToken cancellationToken)
    {
        foreach (var script in new[] { "PostgreSQL-Tables.sql", writing })
        {
            await database.ExecuteAsync(EmbeddedText.Read(script), cancellationToken);
        }
        var connections = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            MaxPoolSize = StockConnections,
            MaxAutoPrepare = prepared,
            AutoPrepareMinUsages = 2,
        };
        return await StartedStorage.OpenStockAsync("Npgsql", connections.ToString());
    }
}

using Banking.Benchmarks.Postgres;
using Npgsql;

namespace Banking.Benchmarks.Storage;

/// <summary>Writes of grain states to PostgreSQL, each answered when it is committed.</summary>
internal sealed class PostgresStorageBenchmark : IBenchmark
{
    // What a default server leaves to others stays free; more connections than this were no faster.
    private const int StockConnections = 50;

    public string Name => "storage-postgres";

    public string Summary => $"Durable writes of {StorageComparison.Grains} grains, and of one, to PostgreSQL; peer: Orleans' AdoNet storage with Npgsql.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Say($"Grains write states of {GrainWrites.StateBytes} bytes for {bench.Duration.TotalSeconds} s.");
        await using var database = await BenchDatabase.CreateAsync(bench, cancellationToken);
        await database.ExecuteAsync(EmbeddedText.Read("PostgreSQL-Persistence.sql"), cancellationToken);
        var connections = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            MaxPoolSize = StockConnections,
        };
        await using var stock = await StartedStorage.OpenStockAsync("Npgsql", connections.ToString());
        await using var ours = await StartedStorage.OpenAsync(
            (services, name) => services.AddPostgresGrainStorage(name, options => options.Configure(storage => storage.ConnectionString = database.ConnectionString)));
        return await StorageComparison.RunAsync(bench, ours, stock);
    }
}

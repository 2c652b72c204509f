using Banking.Benchmarks.Actions;

namespace Banking.Benchmarks.Storage;

/// <summary>Writes of grain states to a SQLite file, each answered when it is on the disk.</summary>
internal sealed class SqliteStorageBenchmark : IBenchmark
{
    public string Name => "storage-sqlite";

    public string Summary =>
        $"Durable writes of {StorageComparison.Grains} grains, and of one, to SQLite; peer: Orleans' AdoNet storage on SQLite.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Say($"Grains write states of {GrainWrites.StateBytes} bytes for {bench.Duration.TotalSeconds} s; WAL, synchronous=FULL.");
        using var folder = bench.MakeFolder();
        Comparison comparison;
        await using (var stock = await StartedStorage.OpenStockAsync("System.Data.SQLite", StockSqlite.Create(folder.File("stock.db"))))
        await using (var ours = await StartedStorage.OpenAsync(
            (services, name) =>
                services.AddSqliteGrainStorage(name, options => options.Configure(storage => storage.Path = folder.File("ours.db")))))
        {
            comparison = await StorageComparison.RunAsync(bench, ours, stock);
        }

        StockSqlite.Close();
        var bare = SqliteDeposits.Run(folder.File("bare.db"), StorageComparison.Grains, bench.Duration, bench.Time);
        bench.Say($"beside it, bare SQLite: {bare:N0} transactions/s of one small row on one connection");
        return comparison;
    }
}

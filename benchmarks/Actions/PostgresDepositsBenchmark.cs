using Banking.Benchmarks.Postgres;

namespace Banking.Benchmarks.Actions;

/// <summary>Deposits through grains whose state is in PostgreSQL, with log, sink and lake as they are by default.</summary>
internal sealed class PostgresDepositsBenchmark : IBenchmark
{
    public string Name => "deposits-postgres";

    public string Summary => "Durable deposits through grains with PostgreSQL storage until they are in Parquet; peer: pgbench, TPC-B.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var folder = bench.MakeFolder();
        await using var database = await BenchDatabase.CreateAsync(bench, cancellationToken);
        var peer = await PgBench.RunAsync(bench, database.ConnectionString, cancellationToken);
        var ours = await DepositRun.RunAsync(bench, folder, cancellationToken, "--Banking:Storage:PostgreSql", database.ConnectionString);
        if (await database.CountTablesAsync(cancellationToken) == 0)
        {
            throw new BenchmarkFailedException("The silo kept nothing in PostgreSQL.");
        }
        bench.Say(
            $"acknowledged: {ours.Acknowledged / peer:0.00} deposits a transaction of pgbench's (which has no idempotency, no events, no "
                + $"lake)");
        return new Comparison(ours.InParquet, peer, "deposits/s");
    }
}

namespace Banking.Benchmarks.Actions;

/// <summary>Deposits through grains in the silo's own process, with storage, log, sink and lake as they are by default.</summary>
internal sealed class ActionsBenchmark : IBenchmark
{
    public string Name => "actions";

    public string Summary => "Durable deposits through grains until they are in Parquet; peer: bare SQLite, one transaction a deposit.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var folder = bench.MakeFolder();
        var ours = await DepositRun.RunAsync(bench, folder, cancellationToken);
        var peer = SqliteDeposits.Run(folder.File("peer.db"), DepositRun.Accounts, bench.Duration, bench.Time);
        bench.Say($"bare SQLite: {peer:N0} deposits/s (no idempotency, no events, no lake)");
        return new Comparison(ours.InParquet, peer, "deposits/s");
    }
}

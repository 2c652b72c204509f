using Banking.Accounts;
using Banking.Benchmarks.Measuring;
using Banking.Silo.Lake;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Benchmarks.Actions;

/// <summary>Deposits through grains in the silo's own process, with storage, log, sink and lake as they are by default.</summary>
internal sealed class ActionsBenchmark : IBenchmark
{
    private const int Players = 256;
    private const int AccountsOfPlayer = 4;

    public string Name => "actions";

    public string Summary => "Durable deposits through grains until they are in Parquet; peer: bare SQLite, one transaction a deposit.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Say(
            $"{Players} players deposit to {Players * AccountsOfPlayer} accounts for {bench.Duration.TotalSeconds} s: all on the disk before the answer, all in Parquet.");
        using var folder = bench.MakeFolder();
        var ours = await DepositAsync(bench, folder, cancellationToken);
        var peer = SqliteDeposits.Run(folder.File("peer.db"), Players * AccountsOfPlayer, bench.Duration, bench.Time);
        bench.Say($"bare SQLite: {peer:N0} deposits/s (no idempotency, no events, no lake)");
        return new Comparison(ours, peer, "deposits/s");
    }

    private static async Task<double> DepositAsync(Workbench bench, TemporaryFolder folder, CancellationToken cancellationToken)
    {
        await using var silo = await EmbeddedSilo.StartAsync(folder.File("data"), cancellationToken);
        var accounts = Enumerable.Range(0, Players * AccountsOfPlayer).Select(i => silo.Grains.GetGrain<IAccountGrain>($"bench-{i}")).ToArray();
        await Task.WhenAll(accounts.Select((account, i) => account.Perform(new OpenAccount($"Player {i}") { ActionId = NewId(bench) })));
        var next = new int[Players];

        async Task<int> Deposit(int player)
        {
            var account = accounts[player + (Players * (next[player]++ % AccountsOfPlayer))];
            var result = await account.Perform(new Deposit(1.25m) { ActionId = NewId(bench) });
            return result.IsDone ? 1 : throw new BenchmarkFailedException($"A deposit was refused: {result.Code}.");
        }

        var flush = silo.Services.GetRequiredService<LakeFlush>();
        var warmUp = await Callers.RunAsync(Players, bench.WarmUp, bench.Time, Deposit);
        await flush.Flush(cancellationToken);

        var (start, before) = (bench.Time.GetTimestamp(), RuntimeUse.Now);
        var work = await Callers.RunAsync(Players, bench.Duration, bench.Time, Deposit);
        await flush.Flush(cancellationToken);
        var (elapsed, used) = (bench.Time.GetElapsedTime(start), RuntimeUse.Now - before);

        LakeCount.Require(folder.File("data/lake"), "bench-", accounts.Length + warmUp.Done + work.Done);
        bench.Say($"acknowledged: {work.PerSecond:N0} deposits/s, {work.Latencies}");
        bench.Say($"in Parquet:   {(elapsed - work.Elapsed).TotalSeconds:0.00} s after the last answer");
        bench.Say($"a deposit:    {used.Cpu.TotalMicroseconds / work.Done:0} µs of processor, {used.AllocatedBytes / work.Done:N0} bytes allocated");
        bench.Say($"collector:    {used.Paused / elapsed:P1} of the time");
        return work.Done / elapsed.TotalSeconds;
    }

    private static string NewId(Workbench bench) => Guid.CreateVersion7(bench.Time.GetUtcNow()).ToString();
}

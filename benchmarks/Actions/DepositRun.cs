using Banking.Accounts;
using Banking.Benchmarks.Measuring;
using Banking.Silo.Lake;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Benchmarks.Actions;

/// <summary>Deposits through grains in a silo in this process, until they are in Parquet.</summary>
internal static class DepositRun
{
    public const int Players = 256;
    public const int Accounts = Players * AccountsOfPlayer;

    private const int AccountsOfPlayer = 4;

    /// <summary>The silo's first load: until then the compiler takes as much of the processor as the deposits.</summary>
    private static readonly TimeSpan LeastWarmUp = TimeSpan.FromSeconds(15);

    /// <param name="settings">Of the silo, besides ports and folders.</param>
    /// <returns>Deposits a second: acknowledged by the grains, and until the last row was in Parquet.</returns>
    /// <exception cref="BenchmarkFailedException">A deposit was refused, or what was acknowledged is not in Parquet exactly
    /// once.</exception>
    public static async Task<(double Acknowledged, double InParquet)> RunAsync(
        Workbench bench, TemporaryFolder folder, CancellationToken cancellationToken, params string[] settings)
    {
        bench.Say(
            $"{Players} players deposit to {Accounts} accounts for {bench.Duration.TotalSeconds} s: all on the disk before the answer, "
                + $"all in Parquet.");
        await using var silo = await EmbeddedSilo.StartAsync(folder.File("data"), cancellationToken, settings);
        var accounts = Enumerable.Range(0, Accounts).Select(i => silo.Grains.GetGrain<IAccountGrain>($"bench-{i}")).ToArray();
        await Task.WhenAll(
            accounts.Select((account, i) => account.Perform(new OpenAccount($"Player {i}") { ActionId = bench.NewActionId() })));
        var next = new int[Players];

        async Task<int> Deposit(int player)
        {
            var account = accounts[player + (Players * (next[player]++ % AccountsOfPlayer))];
            var result = await account.Perform(new Deposit(1.25m) { ActionId = bench.NewActionId() });
            return result.IsDone ? 1 : throw new BenchmarkFailedException($"A deposit was refused: {result.Code}.");
        }

        var flush = silo.Services.GetRequiredService<LakeFlush>();
        var warmUp = await ManyCallers.RunAsync(Players, bench.WarmUp > LeastWarmUp ? bench.WarmUp : LeastWarmUp, bench.Time, Deposit);
        await flush.FlushAsync(cancellationToken);

        var (start, before) = (bench.Time.GetTimestamp(), RuntimeUse.Now);
        var work = await ManyCallers.RunAsync(Players, bench.Duration, bench.Time, Deposit);
        await flush.FlushAsync(cancellationToken);
        var (elapsed, used) = (bench.Time.GetElapsedTime(start), RuntimeUse.Now - before);

        LakeCount.Require(folder.File("data/lake"), "bench-", accounts.Length + warmUp.Done + work.Done);
        bench.Say($"acknowledged: {work.PerSecond:N0} deposits/s, {work.Latencies}");
        bench.Say($"in Parquet:   {(elapsed - work.Elapsed).TotalSeconds:0.00} s after the last answer");
        bench.Say(
            $"a deposit:    {used.Cpu.TotalMicroseconds / work.Done:0} µs of processor, {used.AllocatedBytes / work.Done:N0} bytes "
                + $"allocated");
        bench.Say($"collector:    {used.Paused / elapsed:P1} of the time");
        return (work.PerSecond, work.Done / elapsed.TotalSeconds);
    }
}

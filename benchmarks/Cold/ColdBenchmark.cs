using Banking.Accounts;
using Banking.Benchmarks.Actions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Banking.Benchmarks.Cold;

/// <summary>
/// A million accounts that nobody plays: what they take in the database and in the silo's memory, and how long the first call of one
/// takes. In SQLite, or in PostgreSQL where that is set.
/// </summary>
internal sealed class ColdBenchmark : IBenchmark
{
    private const int Accounts = 1_000_000;
    private const int Writers = 256;
    private const int Callers = 32;
    private const int Actions = 40;
    private const double Megabyte = 1 << 20;

    public string Name => "cold";

    public string Summary =>
        "First calls of accounts among a million stored ones, 99th percentile; peer: reading such a state from the same storage, without "
            + "a grain.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var folder = bench.MakeFolder();
        await using var silo = await EmbeddedSilo.StartAsync(folder.File("data"), cancellationToken);
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>(GameNames.Storage);
        var sample = await MakeSampleAsync(bench, silo, storage, cancellationToken);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await StoreAsync(bench, storage, sample);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        bench.Say($"in memory:    {kept / Megabyte:0.0} MB more for {Accounts:N0} accounts that are stored and not active");
        var size = await DatabaseSize.OfAsync(folder.File("data/storage.db"), cancellationToken);
        bench.Say($"in database:  {size / (double)Accounts:N0} bytes an account, keys and indexes included");

        // Each account once: a second call would find it active.
        var order = Enumerable.Range(0, Accounts).ToArray();
        new Random(1).Shuffle(order);
        var next = 0;
        var read = await Measuring.ManyCallers.RunAsync(Callers, bench.Duration, bench.Time, async _ =>
        {
            await storage.ReadStateAsync(
                GameNames.AccountState, Id(order[Interlocked.Increment(ref next)]), new GrainState<AccountState>());
            return 1;
        });
        bench.Say($"reading:      {read.PerSecond:N0}/s by {Callers} callers, {read.Latencies}");
        async Task<int> Call(int caller)
        {
            var account = silo.Grains.GetGrain<IAccountGrain>(KeyOf(order[Interlocked.Increment(ref next)]));
            return await account.GetLedger() is null ? throw new BenchmarkFailedException("A stored account was not found.") : 1;
        }

        await Measuring.ManyCallers.RunAsync(Callers, bench.WarmUp, bench.Time, Call);
        var called = await Measuring.ManyCallers.RunAsync(Callers, bench.Duration, bench.Time, Call);
        bench.Say($"first calls:  {called.PerSecond:N0}/s by {Callers} callers, {called.Latencies}");
        return new Comparison(called.Latency.Percentile(99).TotalMilliseconds, read.Latency.Percentile(99).TotalMilliseconds, "ms-p99");
    }

    /// <summary>The state of an account that was played until it remembers all the actions that it can, and then left alone.</summary>
    private static async Task<AccountState> MakeSampleAsync(
        Workbench bench, EmbeddedSilo silo, IGrainStorage storage, CancellationToken cancellationToken)
    {
        var account = silo.Grains.GetGrain<IAccountGrain>("cold-sample");
        await account.Perform(new OpenAccount("Cold Player") { ActionId = bench.NewActionId() });
        for (var i = 0; i < Actions; i++) await account.Perform(new Deposit(12.50m) { ActionId = bench.NewActionId() });
        await account.Perform(new BuyAsset("stock_a", 3) { ActionId = bench.NewActionId() });
        var stored = new GrainState<AccountState>();
        do
        {
            await bench.WaitAsync(TimeSpan.FromSeconds(1), cancellationToken);
            await storage.ReadStateAsync(GameNames.AccountState, account.GetGrainId(), stored);
        }
        while (stored.State!.Outbox.Length > 0);

        return stored.State;
    }

    private static async Task StoreAsync(Workbench bench, IGrainStorage storage, AccountState sample)
    {
        var start = bench.Time.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < Accounts; i = Interlocked.Increment(ref next))
                await storage.WriteStateAsync(GameNames.AccountState, Id(i), new GrainState<AccountState>(sample));
        })));
        bench.Say($"stored:       {Accounts / bench.Time.GetElapsedTime(start).TotalSeconds:N0} new accounts/s");
    }

    private static GrainId Id(int number) => GrainId.Create("account", KeyOf(number));

    private static string KeyOf(int number) => FormattableString.Invariant($"cold-{number}");
}

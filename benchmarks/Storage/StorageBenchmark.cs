using Banking.Benchmarks.Actions;
using Banking.Benchmarks.Measuring;

namespace Banking.Benchmarks.Storage;

/// <summary>Writes of grain states, each answered when it is on the disk.</summary>
internal sealed class StorageBenchmark : IBenchmark
{
    private const int Writers = 128;
    private const int StateBytes = 1_000;
    private const string StateName = "bench";

    public string Name => "storage";

    public string Summary => $"Durable grain writes by {Writers} writers; peer: bare SQLite, one transaction a write.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Say($"{Writers} grains write states of {StateBytes} bytes for {bench.Duration.TotalSeconds} s, synchronous=FULL.");
        using var folder = bench.MakeFolder();
        var work = await WriteAsync(bench, folder);
        bench.Say($"storage: {work.PerSecond:N0} writes/s, {work.Latencies}");
        var peer = SqliteDeposits.Run(folder.File("peer.db"), Writers, bench.Duration, bench.Time);
        bench.Say($"bare SQLite: {peer:N0} transactions/s of one small row");
        return new Comparison(work.PerSecond, peer, "writes/s");
    }

    private static async Task<Work> WriteAsync(Workbench bench, TemporaryFolder folder)
    {
        await using var storage = await StartedStorage.OpenAsync(folder.File("storage.db"));
        var states = Enumerable.Range(0, Writers).Select(i => new GrainState<byte[]>(new byte[StateBytes])).ToArray();
        var ids = Enumerable.Range(0, Writers).Select(i => GrainId.Create("bench", FormattableString.Invariant($"grain-{i}"))).ToArray();

        async Task<int> Write(int writer)
        {
            states[writer].State![0]++;
            await storage.Storage.WriteStateAsync(StateName, ids[writer], states[writer]);
            return 1;
        }

        await Callers.RunAsync(Writers, bench.WarmUp, bench.Time, Write);
        return await Callers.RunAsync(Writers, bench.Duration, bench.Time, Write);
    }
}

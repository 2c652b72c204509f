namespace Banking.Benchmarks.Storage;

/// <summary>Our storage and Orleans' own, by turns, so that neither has the better minute of the machine.</summary>
internal static class StorageComparison
{
    public const int Grains = 100;
    private const int Rounds = 4;

    /// <returns>That of many grains.</returns>
    /// <exception cref="BenchmarkFailedException">What was answered is not what is stored.</exception>
    public static async Task<Comparison> RunAsync(Workbench bench, StartedStorage ours, StartedStorage stock)
    {
        await CompareAsync(bench, ours, stock, 1);
        return await CompareAsync(bench, ours, stock, Grains);
    }

    private static async Task<Comparison> CompareAsync(Workbench bench, StartedStorage ours, StartedStorage stock, int grains)
    {
        var peer = new GrainWrites("Orleans' AdoNet storage", stock.Storage, grains);
        var mine = new GrainWrites("group commit storage", ours.Storage, grains);
        foreach (var writes in new[] { peer, mine }) await writes.WarmUpAsync(bench, bench.WarmUp);
        for (var round = 0; round < Rounds; round++)
        {
            await peer.RunAsync(bench, bench.Duration / Rounds);
            await mine.RunAsync(bench, bench.Duration / Rounds);
        }

        await peer.EndAsync(bench);
        await mine.EndAsync(bench);
        bench.Say($"{grains} at once: {mine.PerSecond / peer.PerSecond:0.00} times the peer");
        return new Comparison(mine.PerSecond, peer.PerSecond, "writes/s");
    }
}

namespace Banking.Benchmarks.Storage;

/// <summary>Our storage and Orleans' own, by turns, so that neither has the better minute of the machine.</summary>
internal static class StorageComparison
{
    public const int Grains = 100;
    private const int Rounds = 4;

    /// <param name="tuned">Orleans' own with statements and settings that it does not come with; measured beside it, and no part of the
    /// comparison.</param>
    /// <returns>That of many grains.</returns>
    /// <exception cref="BenchmarkFailedException">What was answered is not what is stored.</exception>
    public static async Task<Comparison> RunAsync(Workbench bench, StartedStorage ours, StartedStorage stock, StartedStorage? tuned = null)
    {
        await CompareAsync(bench, ours, stock, tuned, 1);
        return await CompareAsync(bench, ours, stock, tuned, Grains);
    }

    private static async Task<Comparison> CompareAsync(
        Workbench bench, StartedStorage ours, StartedStorage stock, StartedStorage? tuned, int grains)
    {
        var peer = new GrainWrites("Orleans' AdoNet storage", stock.Storage, grains);
        var mine = new GrainWrites("group commit storage", ours.Storage, grains);
        List<GrainWrites> all = [peer, mine];
        if (tuned is not null) all.Add(new GrainWrites("Orleans' AdoNet storage, one prepared statement a write", tuned.Storage, grains));
        foreach (var writes in all) await writes.WarmUpAsync(bench, bench.WarmUp);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var writes in all) await writes.RunAsync(bench, bench.Duration / Rounds);
        }

        foreach (var writes in all) await writes.EndAsync(bench);
        bench.Say($"{grains} at once: {mine.PerSecond / peer.PerSecond:0.00} times the peer");
        return new Comparison(mine.PerSecond, peer.PerSecond, "writes/s");
    }
}

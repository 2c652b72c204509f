using Banking.Benchmarks.Processes;

namespace Banking.Benchmarks.Memory;

/// <summary>
/// The built silo's resident memory, as Linux counts it: at rest, with many accounts that were touched once, and under load.
/// </summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const int Accounts = 100_000;
    private const int Connections = 128;
    private const double Megabyte = 1 << 20;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <summary>The silo lets go of accounts that were idle for two minutes, and gives memory back after four quiet ones.</summary>
    private static readonly TimeSpan Collection = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    public string Name => "memory";

    public string Summary =>
        $"Resident memory at rest, after {Accounts:N0} accounts were touched, and under load; peer: a bare Orleans silo with Kestrel, at "
            + "rest.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Say(
            $"A silo at rest, then {Accounts:N0} accounts opened and left alone, then {bench.Duration.TotalSeconds} s of deposits by "
                + $"{Connections} connections.");
        double peer;
        await using (var bare = await ServerProcess.StartPeerAsync(BareSilo.Command, morePorts: 2, bench.Time, cancellationToken))
        {
            await bench.WaitAsync(Rest, cancellationToken);
            peer = bare.ResidentBytes;
        }

        bench.Say($"bare silo at rest          {peer / Megabyte,6:0} MB");
        using var folder = bench.MakeFolder();
        await using var silo = await ServerProcess.StartSiloAsync(folder.File("data"), bench.Time, cancellationToken);
        await bench.WaitAsync(Rest, cancellationToken);
        var rest = silo.ResidentBytes;
        bench.Say($"at rest                    {rest / Megabyte,6:0} MB");

        var opening = LoadProcess.RunAsync(silo.Url, Connections, Accounts, Accounts, bench.Time, cancellationToken);
        var touching = await PeakAsync(bench, silo, opening, cancellationToken);
        await silo.FlushLakeAsync(cancellationToken);
        await bench.WaitAsync(Settling, cancellationToken);
        var idle = silo.ResidentBytes;
        bench.Say($"while they were opened     {touching / Megabyte,6:0} MB at the most");
        bench.Say($"with them idle             {idle / Megabyte,6:0} MB, {(idle - rest) / (double)Accounts:0} bytes an account");
        await bench.WaitAsync(Collection, cancellationToken);
        bench.Say($"when they were collected   {silo.ResidentBytes / Megabyte,6:0} MB");

        var depositing = LoadProcess.RunAsync(silo.Url, Connections, Connections * 8, bench.Duration, bench.Time, cancellationToken);
        var loaded = await PeakAsync(bench, silo, depositing, cancellationToken);
        bench.Say($"under load beside them     {loaded / Megabyte,6:0} MB at the most");
        return new Comparison(rest / Megabyte, peer / Megabyte, "MB-at-rest");
    }

    private static async Task<long> PeakAsync(Workbench bench, ServerProcess server, Task load, CancellationToken cancellationToken)
    {
        var peak = 0L;
        while (!load.IsCompleted)
        {
            peak = Math.Max(peak, server.ResidentBytes);
            await Task.WhenAny(load, bench.WaitAsync(Beat, cancellationToken));
        }

        await load;
        return peak;
    }
}

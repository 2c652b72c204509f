using Banking.Benchmarks.Measuring;
using Orleans.Storage;

namespace Banking.Benchmarks.Storage;

/// <summary>Grains that write their states to one storage side by side, each the next one when the last one is answered.</summary>
internal sealed class GrainWrites(string name, IGrainStorage storage, int grains)
{
    public const int StateBytes = 1_000;

    private const string StateName = "bench";

    private readonly GrainState<byte[]>[] _states =
        [.. Enumerable.Range(0, grains).Select(_ => new GrainState<byte[]>(new byte[StateBytes]))];
    private readonly GrainId[] _ids =
        [.. Enumerable.Range(0, grains).Select(i => GrainId.Create("bench", FormattableString.Invariant($"{grains}-{i}")))];
    private readonly List<Work> _rounds = [];
    private TimeSpan _processor;

    public double PerSecond => _rounds.Sum(round => round.Done) / _rounds.Sum(round => round.Elapsed.TotalSeconds);

    public Task WarmUpAsync(Workbench bench, TimeSpan duration) => ManyCallers.RunAsync(grains, duration, bench.Time, WriteAsync);

    public async Task RunAsync(Workbench bench, TimeSpan duration)
    {
        var before = RuntimeUse.Now;
        _rounds.Add(await ManyCallers.RunAsync(grains, duration, bench.Time, WriteAsync));
        _processor += (RuntimeUse.Now - before).Cpu;
    }

    /// <summary>Holds what is stored against what each grain was answered last, and tells how it went.</summary>
    /// <exception cref="BenchmarkFailedException">What was answered is not what is stored.</exception>
    public async Task EndAsync(Workbench bench)
    {
        for (var i = 0; i < grains; i++)
        {
            // A grain that the others left no time was never stored.
            if (_states[i].ETag is null) continue;
            var stored = new GrainState<byte[]>([]);
            await storage.ReadStateAsync(StateName, _ids[i], stored);
            if (stored.ETag != _states[i].ETag || !stored.State.AsSpan().SequenceEqual(_states[i].State))
                throw new BenchmarkFailedException($"{_ids[i]} is not stored by {name} as it was answered.");
        }

        var latency = new Work(0, TimeSpan.Zero, new());
        foreach (var round in _rounds) latency.Latency.Add(round.Latency);
        var processor = _processor.TotalMicroseconds / _rounds.Sum(round => round.Done);
        bench.Say($"{name}, {grains} at once: {PerSecond:N0} writes/s, {latency.Latencies}; {processor:0} µs of this process a write");
    }

    private async Task<int> WriteAsync(int grain)
    {
        var state = _states[grain].State!;
        BitConverter.TryWriteBytes(state, BitConverter.ToInt32(state) + 1);
        await storage.WriteStateAsync(StateName, _ids[grain], _states[grain]);
        return 1;
    }
}

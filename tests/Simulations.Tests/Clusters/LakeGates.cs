using System.Collections.Concurrent;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>Holds back the commits of chosen silos, whatever became of those silos meanwhile. Thread-safe.</summary>
internal sealed class LakeGates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _closed = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Commits that stand before a closed gate.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Close(string silo) => _closed.TryAdd(silo, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void OpenAll()
    {
        foreach (var silo in _closed.Keys)
            if (_closed.TryRemove(silo, out var gate)) gate.SetResult();
    }

    public async Task Pass(string silo)
    {
        if (!_closed.TryGetValue(silo, out var gate)) return;
        Interlocked.Increment(ref _waiting);
        await gate.Task;
        Interlocked.Decrement(ref _waiting);
    }
}

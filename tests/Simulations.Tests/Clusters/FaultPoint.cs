namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// A place where calls can be made to fail: before they take effect, or after it, so that only the reply is lost. Thread-safe.
/// </summary>
internal sealed class FaultPoint(string what, int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private bool _isDead;

    /// <summary>The share of calls that do nothing and fail, 0 to 1.</summary>
    public double Before { get; set; }

    /// <summary>The share of calls that take effect and fail, 0 to 1.</summary>
    public double After { get; set; }

    /// <summary>How many calls were made to fail.</summary>
    public int Hits { get; private set; }

    public void Set(double before, double after) => (Before, After) = (before, after);

    public void Heal() => Set(0, 0);

    /// <summary>From now on no call takes effect.</summary>
    public void Die()
    {
        lock (_lock) _isDead = true;
    }

    public async Task<T> Run<T>(Func<Task<T>> call)
    {
        ThrowIfHit(Before, "refused");
        var result = await call();
        ThrowIfHit(After, "took effect, and its reply was lost");
        return result;
    }

    public Task Run(Func<Task> call) => Run(async () =>
    {
        await call();
        return true;
    });

    private void ThrowIfHit(double share, string outcome)
    {
        lock (_lock)
        {
            if (!_isDead && (share <= 0 || _random.NextDouble() >= share)) return;
            Hits++;
        }

        throw new IOException($"The simulation says: a call of the {what} {outcome}.");
    }
}

namespace Banking.Simulations.Tests.Clusters;

/// <summary>What can be made to fail below a cluster; the same for all of its silos.</summary>
internal sealed class Faults(int seed)
{
    public FaultPoint Log { get; } = new("log", seed + 1);

    public FaultPoint Storage { get; } = new("storage", seed + 2);

    public FaultPoint Lake { get; } = new("lake", seed + 3);

    /// <summary>Commits to the lake, by silo, that stand still until their gate opens, as those of a process that was stopped.</summary>
    public LakeGates Gates { get; } = new();

    /// <summary>From now on every call fails, whatever is healed.</summary>
    public void Die()
    {
        Log.Die();
        Storage.Die();
        Lake.Die();
        Gates.OpenAll();
    }

    public void Heal()
    {
        Log.Heal();
        Storage.Heal();
        Lake.Heal();
        Gates.OpenAll();
    }
}

namespace Banking.Silo.Settings;

/// <summary>The silo's own ports, on the loopback.</summary>
public sealed class ClusterSettings
{
    /// <summary>Where silos talk to each other.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Where game clients connect.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Whether Orleans' dashboard is at <c>/dashboard</c>; null: where a database makes a cluster.</summary>
    public bool? Dashboard { get; set; }
}

using System.Text.Json;

namespace Banking.Simulations.Tests.Moves;

/// <summary>What a silo's process is told by the one that starts it.</summary>
/// <param name="PrimaryPort">The silo port of the first silo, which keeps the membership.</param>
/// <param name="Group">The consumer group of the lake.</param>
/// <param name="Folder">Holds the storage, which the silos share.</param>
/// <param name="Lake">The lake's root, which they share too.</param>
internal sealed record MovingSiloSettings(
    string Name, int SiloPort, int GatewayPort, int PrimaryPort, string BootstrapServers, string Topic, string Group, string Folder,
    string Lake)
{
    private const string Variable = "SIMULATIONS_TESTS_MOVING_SILO";

    public bool IsPrimary => SiloPort == PrimaryPort;

    public string Storage => Path.Combine(Folder, "storage.db");

    /// <summary>Null in a process that is not to be a silo.</summary>
    public static MovingSiloSettings? OfThisProcess() =>
        Environment.GetEnvironmentVariable(Variable) is { } json ? JsonSerializer.Deserialize<MovingSiloSettings>(json) : null;

    public void PutInto(IDictionary<string, string?> environment) => environment[Variable] = JsonSerializer.Serialize(this);
}

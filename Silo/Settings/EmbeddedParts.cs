namespace Banking.Silo.Settings;

/// <summary>What a silo keeps in its data folder, which no other process sees: everything that the settings put nowhere else.</summary>
internal sealed class EmbeddedParts(IConfiguration configuration)
{
    private const string StorageElsewhere = "Banking:Storage:PostgreSql";
    private const string LogElsewhere = "Banking:Kafka:BootstrapServers";
    private const string LakeElsewhere = "Banking:Lake:Root";

    /// <summary>Whether accounts and markets are in a SQLite file.</summary>
    public bool HasStorage => configuration[StorageElsewhere] is null;

    /// <summary>Whether the log is in a SQLite file.</summary>
    public bool HasLog => configuration[LogElsewhere] is null;

    /// <summary>The settings that would put these parts elsewhere; empty if the silo has no use for a data folder.</summary>
    public IReadOnlyList<string> Settings =>
        [.. new[] { StorageElsewhere, LogElsewhere, LakeElsewhere }.Where(name => configuration[name] is null)];
}

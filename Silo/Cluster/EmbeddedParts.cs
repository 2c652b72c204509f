using Banking.Silo.Settings;

namespace Banking.Silo.Cluster;

/// <summary>What a silo keeps in its data folder, which no other process sees.</summary>
internal static class EmbeddedParts
{
    /// <summary>The settings that would put each of it elsewhere; none: the silo has no use for a data folder.</summary>
    public static IReadOnlyList<string> SettingsOf(BankingSettings settings)
    {
        List<string> names = [];
        if (settings.Storage.PostgreSql is null) names.Add("Banking:Storage:PostgreSql");
        if (settings.Kafka.BootstrapServers is null) names.Add("Banking:Kafka:BootstrapServers");
        if (settings.Lake.Root is null) names.Add("Banking:Lake:Root");
        return names;
    }
}

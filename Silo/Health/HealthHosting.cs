using Banking.Hosting;
using Banking.Storage;
using Banking.Streaming.Log;

namespace Banking.Silo.Health;

/// <summary>The services of the silo's health.</summary>
internal static class HealthHosting
{
    /// <summary>Adds one registry under the port of each room.</summary>
    public static void AddFindings(this IServiceCollection services)
    {
        services.AddSingleton<Findings>();
        services.AddSingleton<IStorageFindings>(provider => provider.GetRequiredService<Findings>());
        services.AddSingleton<ILogFindings>(provider => provider.GetRequiredService<Findings>());
        services.AddSingleton<IGameFindings>(provider => provider.GetRequiredService<Findings>());
    }

    /// <summary>Adds what is asked when somebody asks for the silo's health; it needs the rooms.</summary>
    public static void AddHealthView(this IServiceCollection services)
    {
        services.AddSingleton<StorageProbe>();
        services.AddSingleton<LakeHealth>();
        services.AddSingleton<IHealthPart, MarketsHealth>();
        services.AddSingleton<IHealthPart>(provider =>
            new StorageHealth(provider.GetRequiredService<StorageProbe>().AskAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHealthPart, LogHealth>();
        services.AddSingleton<IHealthPart>(provider => provider.GetRequiredService<LakeHealth>());
        services.AddSingleton<IHealthPart, CatalogHealth>();
        services.AddSingleton<IHealthPart, BankHealth>();
        services.AddSingleton<HealthView>();
    }
}

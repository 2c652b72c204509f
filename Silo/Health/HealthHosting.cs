using Banking.Hosting;
using Banking.Storage;
using Banking.Streaming.Log;

namespace Banking.Silo.Health;

/// <summary>The services of the silo's health.</summary>
internal static class HealthHosting
{
    /// <summary>One registry, under the port of each room.</summary>
    public static void AddFindings(this IServiceCollection services)
    {
        services.AddSingleton<Findings>();
        services.AddSingleton<IStorageFindings>(provider => provider.GetRequiredService<Findings>());
        services.AddSingleton<ILogFindings>(provider => provider.GetRequiredService<Findings>());
        services.AddSingleton<IGameFindings>(provider => provider.GetRequiredService<Findings>());
    }
}

using Banking.Lake;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Sink.Compaction;
using Banking.Sink.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Hosting;

/// <summary>Adds compaction to a silo that has a sink.</summary>
internal static class CompactionHosting
{
    public static void AddCompaction(this IServiceCollection services)
    {
        services.TryAddSingleton<IDaySwitch, CatalogDaySwitch>();
        services.TryAddSingleton(provider => new CompactionServices(
            provider.GetRequiredService<ILakeStore>(),
            LakeCatalogs.Of(provider),
            provider.GetRequiredService<IDaySwitch>(),
            provider.GetRequiredService<ParquetEncoder>(),
            provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value.Compaction,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CompactionRound>>()));
        Waking.Add(services, "The compaction's grain", WakeAsync);
    }

    private static Task WakeAsync(IServiceProvider provider, CancellationToken cancellationToken)
    {
        var options = provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value;
        return options.Compaction.Every == TimeSpan.Zero
            ? Task.CompletedTask
            : provider.GetRequiredService<IGrainFactory>().GetGrain<ICompactionGrain>(ICompactionGrain.Key).GetStatus();
    }
}

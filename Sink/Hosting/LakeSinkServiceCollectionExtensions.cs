using System.Globalization;
using Banking.Lake;
using Banking.Lake.Catalog;
using Banking.Lake.Files;
using Banking.Lake.Identity;
using Banking.Lake.Store;
using Banking.Repair;
using Banking.Sink.Catalog;
using Banking.Sink.Diagnostics;
using Banking.Sink.Numbers;
using Banking.Sink.Partitions;
using Banking.Sink.Repair;
using Banking.Sink.Settings;
using Banking.Streaming.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Hosting;

/// <summary>Adds the sink to a silo.</summary>
public static class LakeSinkServiceCollectionExtensions
{
    /// <summary>
    /// Adds the sink grains and what they need. The log must be there as a keyed <see cref="IPartitionedLog"/> under
    /// <see cref="LakeSinkOptions.ProviderName"/>, and for <see cref="Streaming.FailurePolicy.DeadLetter"/> an
    /// <see cref="IDeadLetterLog"/> too; an <see cref="ILakeStore"/> that is registered before takes the place of the one that
    /// <see cref="LakeSinkOptions.Root"/> names, and an <see cref="ILakeCatalog"/> that of the metastore that
    /// <see cref="LakeSinkOptions.Hive"/> names.
    /// </summary>
    /// <param name="configure">Has the last word, after what is bound to <see cref="LakeSinkOptions.Section"/>.</param>
    public static IServiceCollection AddLakeSink(this IServiceCollection services, Action<LakeSinkOptions>? configure = null)
    {
        services.AddLakeSinkOptions();
        if (configure is not null) services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LakeSinkOptions>, DeadLetterValidator>());
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SinkMetrics>();
        services.TryAddSingleton(provider => LakeStores.Create(Options(provider), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => LakeCatalogs.Create(Options(provider), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<CatalogMetrics>();
        services.TryAddTransient(CreateCatalogSync);
        services.TryAddSingleton<CatalogNotices>();
        services.AddHostedService(provider => provider.GetRequiredService<CatalogNotices>());
        services.TryAddSingleton(provider => new ParquetEncoder(Options(provider).RowGroupRows));
        services.TryAddSingleton<ILakeIdentity>(provider => new LakeIdentityFiles(provider.GetRequiredService<ILakeStore>()));
        services.TryAddSingleton(
            provider => new LakeOwnership(provider.GetRequiredService<ILakeIdentity>(), provider.GetService<IBankIdentity>()));
        services.TryAddSingleton(CreatePartitionServices);
        services.TryAddSingleton<ILakeEvidence, LakeEvidence>();
        services.AddSingleton<IRepairPart, LogRepair>();
        Waking.Add(services, "The sinks", WakeSinksAsync);
        services.AddCompaction();
        return services;
    }

    /// <summary>
    /// Binds <see cref="LakeSinkOptions"/> to its section and to that of <see cref="HiveOptions"/>, and has the start of a host refuse what
    /// can't be. Part of <see cref="AddLakeSink"/>.
    /// </summary>
    public static IServiceCollection AddLakeSinkOptions(this IServiceCollection services)
    {
        services.AddOptions<LakeSinkOptions>()
            .BindConfiguration(LakeSinkOptions.Section)
            .Configure<IConfiguration>(BindHive)
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LakeSinkOptions>, LakeSinkOptionsValidator>());
        return services;
    }

    // The name of a database alone, which other programs have in the same environment, makes no metastore.
    private static void BindHive(LakeSinkOptions lake, IConfiguration configuration)
    {
        var section = configuration.GetSection(HiveOptions.Section);
        if (section[nameof(HiveOptions.Metastore)] is not null || section[nameof(HiveOptions.Location)] is not null)
            section.Bind(lake.Hive ??= new HiveOptions());
    }

    /// <summary>A sink that nothing is delivered to yet does not know what its lake lacks, which may be older than the log.</summary>
    private static async Task WakeSinksAsync(IServiceProvider provider, CancellationToken cancellationToken)
    {
        var log = provider.GetRequiredKeyedService<IPartitionedLog>(Options(provider).ProviderName);
        var grains = provider.GetRequiredService<IGrainFactory>();
        await log.OpenAsync(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, log.PartitionCount).Select(partition =>
            grains.GetGrain<ISinkGrain>(partition.ToString(CultureInfo.InvariantCulture)).GetStatus()));
    }

    private static LakeSinkOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<LakeSinkOptions>>().Value;

    private static CatalogSync CreateCatalogSync(IServiceProvider provider) => new(
        provider.GetRequiredService<ILakeStore>(),
        LakeCatalogs.Of(provider),
        provider.GetRequiredService<CatalogMetrics>(),
        provider.GetRequiredService<IOptions<LakeSinkOptions>>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<CatalogSync>>());

    private static PartitionServices CreatePartitionServices(IServiceProvider provider) => new(
        provider.GetRequiredService<ILakeStore>(),
        provider.GetRequiredKeyedService<IPartitionedLog>(Options(provider).ProviderName),
        provider.GetRequiredService<ParquetEncoder>(),
        provider.GetRequiredService<SinkMetrics>(),
        Options(provider),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<PartitionSink>>())
    {
        Ownership = provider.GetRequiredService<LakeOwnership>(),
        Claims = new EventClaims(provider.GetService<IBankIdentity>()),
        Notices = provider.GetRequiredService<CatalogNotices>(),
        DeadLetters = provider.GetKeyedService<IDeadLetterLog>(Options(provider).ProviderName),
    };
}

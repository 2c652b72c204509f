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
    /// Adds the sink grains and what they need. The log must be registered as a keyed <see cref="IPartitionedLog"/> under
    /// <see cref="LakeSinkOptions.ProviderName"/>; <see cref="Streaming.FailurePolicy.DeadLetter"/> also needs an
    /// <see cref="IDeadLetterLog"/>. An <see cref="ILakeStore"/> registered before replaces the one that <see cref="LakeSinkOptions.Root"/>
    /// names. An <see cref="ILakeCatalog"/> registered before replaces the metastore that <see cref="LakeSinkOptions.Hive"/> names.
    /// </summary>
    /// <param name="configure">Applied last, after what is bound to <see cref="LakeSinkOptions.Section"/>.</param>
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
    /// Binds <see cref="LakeSinkOptions"/> to its section and to that of <see cref="HiveOptions"/>, and makes a host refuse to start with
    /// impossible settings. Part of <see cref="AddLakeSink"/>.
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

    // A database name alone does not name a metastore: other programs may have set it in the same environment.
    private static void BindHive(LakeSinkOptions lake, IConfiguration configuration)
    {
        var section = configuration.GetSection(HiveOptions.Section);
        if (section[nameof(HiveOptions.Metastore)] is not null || section[nameof(HiveOptions.Location)] is not null)
            section.Bind(lake.Hive ??= new HiveOptions());
    }

    /// <summary>
    /// Wakes the sinks: one that has not been delivered anything yet does not know what its lake lacks, and the lake may be older than the
    /// log.
    /// </summary>
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

using Banking.Storage;
using Banking.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Adds SQLite grain storage to a silo.</summary>
public static class SqliteGrainStorageExtensions
{
    /// <summary>Keeps the states of grains that name no storage in a SQLite file.</summary>
    public static ISiloBuilder AddSqliteGrainStorageAsDefault(this ISiloBuilder builder, Action<SqliteGrainStorageOptions> configure) =>
        builder.AddSqliteGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configure);

    /// <summary>
    /// Keeps the states of grains that name this storage in a SQLite file. <see cref="IGrainIndex"/> is a keyed service under
    /// the same name.
    /// </summary>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder builder, string name, Action<SqliteGrainStorageOptions> configure) =>
        builder.ConfigureServices(services => services.AddSqliteGrainStorage(name, options => options.Configure(configure)));

    /// <summary>As the other overload, with all that an options builder can do: bind to configuration, take services.</summary>
    public static ISiloBuilder AddSqliteGrainStorage(
        this ISiloBuilder builder, string name, Action<OptionsBuilder<SqliteGrainStorageOptions>> configure) =>
        builder.ConfigureServices(services => services.AddSqliteGrainStorage(name, configure));

    /// <summary>Registers the storage with a silo's services.</summary>
    public static IServiceCollection AddSqliteGrainStorage(
        this IServiceCollection services, string name, Action<OptionsBuilder<SqliteGrainStorageOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddOptions<SqliteGrainStorageOptions>(name));
        services.TryAddSingleton(TimeProvider.System);
        services.AddTransient<IConfigurationValidator>(provider => new SqliteGrainStorageOptionsValidator(Options(provider, name), name));
        services.AddKeyedSingleton<IGrainIndex>(name, (provider, _) => (IGrainIndex)provider.GetRequiredKeyedService<IGrainStorage>(name));
        return services.AddGrainStorage(name, Create);
    }

    private static GroupCommitGrainStorage Create(IServiceProvider provider, string name)
    {
        var options = Options(provider, name);
        var time = provider.GetRequiredService<TimeProvider>();
        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger($"Banking.Storage.{name}");
        return new GroupCommitGrainStorage(
            name,
            options.InitStage,
            options.MaxStateBytes,
            options.Pending,
            options.GrainStorageSerializer
                ?? provider.GetKeyedService<IGrainStorageSerializer>(name)
                ?? new OrleansBinarySerializer(provider.GetRequiredService<Serializer>()),
            provider.GetRequiredService<IActivatorProvider>(),
            time,
            () => SqliteGrainRows.Open(name, options, time, logger));
    }

    private static SqliteGrainStorageOptions Options(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<SqliteGrainStorageOptions>>().Get(name);
}

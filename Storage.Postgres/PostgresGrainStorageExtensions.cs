using Banking.Storage;
using Banking.Storage.Hosting;
using Banking.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Providers;

namespace Orleans.Hosting;

/// <summary>Adds PostgreSQL grain storage to a silo.</summary>
public static class PostgresGrainStorageExtensions
{
    /// <summary>Keeps the states of grains that name no storage in PostgreSQL.</summary>
    public static ISiloBuilder AddPostgresGrainStorageAsDefault(this ISiloBuilder builder, Action<PostgresGrainStorageOptions> configure) =>
        builder.AddPostgresGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configure);

    /// <summary>
    /// Keeps the states of grains that name this storage in PostgreSQL. <see cref="IGrainIndex"/> is a keyed service under
    /// the same name.
    /// </summary>
    public static ISiloBuilder AddPostgresGrainStorage(
        this ISiloBuilder builder, string name, Action<PostgresGrainStorageOptions> configure) =>
        builder.ConfigureServices(services => services.AddPostgresGrainStorage(name, options => options.Configure(configure)));

    /// <summary>As the other overload, with everything that an options builder can do: bind to configuration, use services.</summary>
    public static ISiloBuilder AddPostgresGrainStorage(
        this ISiloBuilder builder, string name, Action<OptionsBuilder<PostgresGrainStorageOptions>> configure) =>
        builder.ConfigureServices(services => services.AddPostgresGrainStorage(name, configure));

    /// <summary>Registers the storage with a silo's services.</summary>
    public static IServiceCollection AddPostgresGrainStorage(
        this IServiceCollection services, string name, Action<OptionsBuilder<PostgresGrainStorageOptions>> configure) =>
        services.AddGroupCommitStorage("PostgreSQL", name, configure, PostgresGrainRows.OpenAsync);
}

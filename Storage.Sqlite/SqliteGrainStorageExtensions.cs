using Banking.Storage;
using Banking.Storage.Hosting;
using Banking.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Providers;

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

    /// <summary>As the other overload, with everything that an options builder can do: bind to configuration, use services.</summary>
    public static ISiloBuilder AddSqliteGrainStorage(
        this ISiloBuilder builder, string name, Action<OptionsBuilder<SqliteGrainStorageOptions>> configure) =>
        builder.ConfigureServices(services => services.AddSqliteGrainStorage(name, configure));

    /// <summary>Registers the storage with a silo's services.</summary>
    public static IServiceCollection AddSqliteGrainStorage(
        this IServiceCollection services, string name, Action<OptionsBuilder<SqliteGrainStorageOptions>> configure) =>
        services.AddGroupCommitStorage("SQLite", name, configure, SqliteGrainRows.OpenAsync);
}

using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

public static class SqliteLogServiceCollectionExtensions
{
    /// <summary>
    /// Registers the embedded log as the keyed <see cref="IPartitionedLog"/> of a name: <c>[FromKeyedServices("name")] IPartitionedLog
    /// log</c>. It is opened at the first use and closed with the container. Containers of one process that name the same file share it.
    /// </summary>
    public static IServiceCollection AddSqliteLog(this IServiceCollection services, string name, Action<SqliteLogOptions> configure)
    {
        services.AddOptions<SqliteLogOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteLogOptions>, SqliteLogOptionsValidator>());
        services.AddKeyedSingleton<IPartitionedLog>(name, (provider, _) => SharedSqliteLog.Open(
            provider.GetRequiredService<IOptionsMonitor<SqliteLogOptions>>().Get(name),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<SqliteLog>>()));
        return services;
    }
}

using Banking.Streaming.Kafka;
using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

public static class KafkaLogServiceCollectionExtensions
{
    /// <summary>
    /// Registers a topic as the keyed <see cref="IPartitionedLog"/> of a name, and its dead letters as the keyed
    /// <see cref="IDeadLetterLog"/>: <c>[FromKeyedServices("name")] IPartitionedLog log</c>. It is created at the first use and closed with
    /// the container.
    /// </summary>
    public static IServiceCollection AddKafkaLog(this IServiceCollection services, string name, Action<KafkaLogOptions> configure)
    {
        services.AddOptions<KafkaLogOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KafkaLogOptions>, KafkaLogOptionsValidator>());
        services.AddKeyedSingleton(name, (provider, _) => new KafkaLog(
            provider.GetRequiredService<IOptionsMonitor<KafkaLogOptions>>().Get(name),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<KafkaLog>>()));
        services.AddKeyedSingleton<IPartitionedLog>(name, (provider, _) => provider.GetRequiredKeyedService<KafkaLog>(name));
        services.AddKeyedSingleton<IDeadLetterLog>(name, (provider, _) => provider.GetRequiredKeyedService<KafkaLog>(name));
        return services;
    }
}

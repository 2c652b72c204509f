using Banking.Streaming;
using Banking.Streaming.Hosting;
using Banking.Streaming.Log;
using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace Orleans.Hosting;

public static class LogStreamSiloBuilderExtensions
{
    /// <summary>
    /// Adds a stream provider over the log that is registered as a keyed <see cref="IPartitionedLog"/> under the same name
    /// (such as the embedded one of <c>Streaming.Sqlite</c>). Explicit subscriptions also need a grain storage named <c>PubSubStore</c>.
    /// </summary>
    /// <param name="configureStream">Orleans' own settings of the provider: balancer, pub-sub, lifecycle.</param>
    public static ISiloBuilder AddLogStreams(
        this ISiloBuilder builder,
        string name,
        Action<LogStreamOptions> configure,
        Action<ISiloPersistentStreamConfigurator>? configureStream = null)
    {
        builder.ConfigureServices(services => services.AddLogStreams(name, configure));
        builder.AddPersistentStreams(name, LogAdapterFactory.Create, stream =>
        {
            stream.ConfigureBackoffProvider((services, provider) => (IMessageDeliveryBackoffProvider)new DeliveryBackoff(
                services.GetRequiredService<IOptionsMonitor<LogStreamOptions>>().Get(provider),
                services.GetRequiredKeyedService<LogStreamMetrics>(provider)));
            stream.ConfigurePullingAgent(agent => agent.Configure<IOptionsMonitor<LogStreamOptions>>((pulling, monitor) =>
            {
                var options = monitor.Get(name);
                pulling.GetQueueMsgsTimerPeriod = options.PollInterval;
                // The agent gives up on an event after this time and goes on with the next one. With Block it must never do so.
                pulling.MaxEventDeliveryTime = options.FailurePolicy == FailurePolicy.Block
                    ? Timeout.InfiniteTimeSpan
                    : options.MaxDeliveryTime;
            }));
            configureStream?.Invoke(stream);
        });
        builder.Services.DeferBalancer(name);

        // A delivery of several batches would fail as one, and take neighbouring batches along; a batch already has the length that
        // LogStreamOptions say.
        builder.Services.PostConfigure<StreamPullingAgentOptions>(name, agent => agent.BatchContainerBatchSize = 1);
        return builder;
    }

    /// <summary>Puts a <see cref="DeferredBalancer"/> before the balancer that was chosen for the provider, or Orleans' default.</summary>
    private static void DeferBalancer(this IServiceCollection services, string name)
    {
        var chosen = services.LastOrDefault(
            service => service.ServiceType == typeof(IStreamQueueBalancer) && name.Equals(service.ServiceKey));
        if (chosen is not null) services.Remove(chosen);
        services.AddKeyedSingleton<IStreamQueueBalancer>(name, (provider, key) => new DeferredBalancer(
            (
                IStreamQueueBalancer?)chosen?.KeyedImplementationFactory?.Invoke(provider,
                key) ?? provider.GetRequiredService<IStreamQueueBalancer>(),
            provider.GetRequiredKeyedService<IPartitionedLog>(name),
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}

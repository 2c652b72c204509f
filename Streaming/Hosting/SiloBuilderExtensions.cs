using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Providers;

namespace Banking.Streaming;

public static class LogStreamSiloBuilderExtensions
{
    /// <summary>
    /// Adds a stream provider over the log that is registered as a keyed <see cref="Log.IPartitionedLog"/> under the same name
    /// (<see cref="SqliteLogServiceCollectionExtensions.AddSqliteLog"/>). Explicit subscriptions also need a grain storage named <c>PubSubStore</c>.
    /// </summary>
    /// <param name="configureStream">Orleans' own settings of the provider: balancer, pub-sub, life cycle.</param>
    public static ISiloBuilder AddLogStreams(
        this ISiloBuilder builder, string name, Action<LogStreamOptions> configure, Action<ISiloPersistentStreamConfigurator>? configureStream = null)
    {
        builder.ConfigureServices(services => services.AddLogStreams(name, configure));
        return builder.AddPersistentStreams(name, LogAdapterFactory.Create, stream =>
        {
            stream.ConfigureBackoffProvider((services, provider) => (IMessageDeliveryBackoffProvider)new DeliveryBackoff(
                services.GetRequiredService<IOptionsMonitor<LogStreamOptions>>().Get(provider), services.GetRequiredKeyedService<LogStreamMetrics>(provider)));
            stream.ConfigurePullingAgent(agent => agent.Configure<IOptionsMonitor<LogStreamOptions>>((pulling, monitor) =>
            {
                var options = monitor.Get(name);
                pulling.GetQueueMsgsTimerPeriod = options.PollInterval;
                // The agent gives up on an event after this time and goes on with the next one: with Block it never may.
                pulling.MaxEventDeliveryTime = options.FailurePolicy == FailurePolicy.Block ? Timeout.InfiniteTimeSpan : options.MaxDeliveryTime;
            }));
            configureStream?.Invoke(stream);
        });
    }
}

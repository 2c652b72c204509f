using Banking.Streaming;
using Banking.Streaming.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

public static class KafkaStreamsBuilderExtensions
{
    /// <summary>
    /// Adds a stream provider over a topic of Apache Kafka. Explicit subscriptions also need a grain storage named <c>PubSubStore</c>.
    /// </summary>
    /// <param name="kafka">Servers, topic and librdkafka's own settings.</param>
    /// <param name="streams">How streams are mapped to the topic, delivered and committed.</param>
    /// <param name="provider">Orleans' own settings of the provider: balancer, pub-sub, lifecycle.</param>
    public static ISiloBuilder AddKafkaStreams(
        this ISiloBuilder builder, string name, Action<KafkaLogOptions> kafka, Action<LogStreamOptions>? streams = null,
        Action<ISiloPersistentStreamConfigurator>? provider = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKafkaLog(name, kafka);
        return builder.AddLogStreams(name, streams ?? (_ => { }), provider);
    }

    /// <summary>
    /// The same for a client, with producers and with consumers of explicit subscriptions. The settings must be those of the silos.
    /// </summary>
    public static IClientBuilder AddKafkaStreams(
        this IClientBuilder builder, string name, Action<KafkaLogOptions> kafka, Action<LogStreamOptions>? streams = null,
        Action<IClusterClientPersistentStreamConfigurator>? provider = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKafkaLog(name, kafka);
        return builder.AddLogStreams(name, streams ?? (_ => { }), provider);
    }
}

using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Banking.Benchmarks.Streams;

/// <summary>The broker that the settings name, and topics of this run's own on it.</summary>
internal sealed class KafkaTopics : IDisposable
{
    private const string Setting = "Banking__Kafka__BootstrapServers";

    private readonly IAdminClient _admin;
    private readonly List<string> _topics = [];

    private KafkaTopics(string servers)
    {
        Servers = servers;
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).SetLogHandler((_, _) => { }).Build();
    }

    public string Servers { get; }

    /// <exception cref="BenchmarkFailedException">The setting is missing.</exception>
    public static KafkaTopics Connect() => new(
        Environment.GetEnvironmentVariable(Setting)
        ?? throw new BenchmarkFailedException(
            $"This benchmark needs a Kafka broker: set {Setting} to its host:port, e.g. {Setting}=127.0.0.1:9092."));

    public async Task<string> CreateAsync(int partitions)
    {
        var topic = $"bench-{Guid.NewGuid():N}";
        await _admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
        _topics.Add(topic);
        return topic;
    }

    public void Dispose()
    {
        if (_topics.Count > 0) _admin.DeleteTopicsAsync(_topics).GetAwaiter().GetResult();
        _admin.Dispose();
    }
}

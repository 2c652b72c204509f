using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Kafka.Tests.Contract;

/// <summary>A topic of a mock broker of its own.</summary>
public sealed class MockTestLog : ITestLog
{
    private const string Topic = "events";

    private readonly MockCluster _cluster = new();

    public ValueTask InitializeAsync()
    {
        _cluster.CreateTopic(Topic, 4);
        return ValueTask.CompletedTask;
    }

    public void AddTo(IServiceCollection services) =>
        services.AddKafkaLog(ITestLog.Name, options => (options.BootstrapServers, options.Topic) = (_cluster.BootstrapServers, Topic));

    public ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}

using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Tests.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Kafka.Tests.Contract;

/// <summary>A topic of a real broker, made by whoever opens it first.</summary>
public sealed class RealTestLog : ITestLog
{
    private string _servers = "";

    public bool AnswersAtOnce => false;

    public string Topic { get; } = "test-" + Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync() => _servers = await RealBroker.Any();

    public void AddTo(IServiceCollection services) => services.AddKafkaLog(ITestLog.Name, options =>
    {
        options.BootstrapServers = _servers;
        options.Topic = Topic;
        options.Partitions = 4;
    });

    public async ValueTask DisposeAsync()
    {
        if (_servers.Length == 0) return;
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _servers }).Build();
        try
        {
            await admin.DeleteTopicsAsync([Topic]);
        }
        catch (DeleteTopicsException)
        {
            // The test did not get as far as making it.
        }
    }
}

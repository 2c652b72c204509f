using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Kafka.Tests.Contract;

/// <summary>A topic of a real broker, made by whoever opens it first.</summary>
public sealed class RealTestLog : ITestLog
{
    private TestTopic? _topic;

    internal TestTopic Topic => _topic!;

    public async ValueTask InitializeAsync() => _topic = new TestTopic(await RealServers.Kafka());

    public void AddTo(IServiceCollection services) => services.AddKafkaLog(ITestLog.Name, Topic.Configure);

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
    }
}

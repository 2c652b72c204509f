using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Kafka.Tests.Contract;

/// <summary>A topic of a broker that the test may kill, with patience for what it does meanwhile.</summary>
public sealed class MortalTestLog : ITestLog
{
    private TestTopic? _topic;
    private ServerStack? _broker;

    internal ServerStack Broker => _broker!;

    public async ValueTask InitializeAsync()
    {
        _broker = await RealServers.Mortal("kafka");
        _topic = new TestTopic(_broker.BootstrapServers);
    }

    public void AddTo(IServiceCollection services) => services.AddKafkaLog(ITestLog.Name, options =>
    {
        _topic!.Configure(options);
        options.RequestTimeout = TimeSpan.FromMinutes(1);
    });

    public async ValueTask DisposeAsync()
    {
        if (_broker is null) return;
        await _broker.Start("kafka");
        await _topic!.DisposeAsync();
    }
}

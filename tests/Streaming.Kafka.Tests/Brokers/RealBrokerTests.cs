using Banking.Servers;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>That the brokers are there, and that a killed one comes back with what it had.</summary>
[Collection(RealServers.Killed)]
public sealed class RealBrokerTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_WhenThereIsOne_ThenItAnswers()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = await RealServers.Kafka() }).Build();

        Assert.NotEmpty(admin.GetMetadata(Bound).Brokers);
    }

    [Fact]
    public async Task Mortal_WhenItWasKilledAndStarted_ThenItHasWhatItAcknowledged()
    {
        var broker = await RealServers.Mortal("kafka");
        var partition = new TopicPartition("killed-" + Guid.NewGuid().ToString("N"), 0);
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers, Acks = Acks.All }).Build();
        await producer.ProduceAsync(partition, new Message<Null, string> { Value = "kept" }, Cancellation);

        await broker.Kill("kafka");
        await broker.Start("kafka");

        using var consumer = new ConsumerBuilder<Ignore, string>(
            new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "readers" }).Build();
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        Assert.Equal("kept", consumer.Consume(Bound).Message.Value);
    }
}

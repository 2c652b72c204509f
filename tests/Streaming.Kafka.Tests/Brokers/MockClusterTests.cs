using Confluent.Kafka;
using Confluent.Kafka.Admin;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>That the mock brokers are what the other tests take them for.</summary>
public sealed class MockClusterTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Produce_WhenATopicWasMade_ThenAnotherClientConsumesItInOrder()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("events", 4);

        await Produce(cluster, "a", "b", "c");

        Assert.Equal(["a", "b", "c"], Consume(cluster, 3));
    }

    [Fact]
    public async Task FailNext_WhenARequestIsToFail_ThenTheClientMeetsTheErrorOnce()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("events", 4);
        cluster.FailNext(KafkaRequest.Produce, ErrorCode.TopicAuthorizationFailed);

        var failure = await Assert.ThrowsAsync<ProduceException<Null, string>>(() => Produce(cluster, "a"));
        await Produce(cluster, "b");

        Assert.Equal(ErrorCode.TopicAuthorizationFailed, failure.Error.Code);
        Assert.Equal(["b"], Consume(cluster, 1));
    }

    [Fact]
    public async Task SetUp_WhenTheBrokerWasDown_ThenItStillHasItsRecords()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("events", 4);
        await Produce(cluster, "a");

        cluster.SetDown();
        var late = Produce(cluster, "b");
        cluster.SetUp();
        await late;

        Assert.Equal(["a", "b"], Consume(cluster, 2));
    }

    [Fact]
    public async Task CreateTopic_WhenItTakesADeletedOnesPlace_ThenAnAdminClientSeesAnotherId()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("events", 4);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = cluster.BootstrapServers }).Build();
        var before = await Describe(admin);

        cluster.DeleteTopic("events");
        cluster.CreateTopic("events", 5);
        var after = await Describe(admin);

        Assert.Equal((4, 5), (before.Partitions.Count, after.Partitions.Count));
        Assert.NotEqual(before.TopicId.ToString(), after.TopicId.ToString());
    }

    private static async Task<TopicDescription> Describe(IAdminClient admin) =>
        Assert.Single((await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["events"]))).TopicDescriptions);

    private static async Task Produce(MockCluster cluster, params string[] values)
    {
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = cluster.BootstrapServers, EnableIdempotence = true }).Build();
        foreach (var value in values)
        {
            await producer.ProduceAsync(
                new TopicPartition("events", 1), new Message<Null, string> { Value = value }, Cancellation).WaitAsync(Bound, Cancellation);
        }
    }

    private static string[] Consume(MockCluster cluster, int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(
            new ConsumerConfig { BootstrapServers = cluster.BootstrapServers, GroupId = "readers" }).Build();
        consumer.Assign(new TopicPartitionOffset("events", 1, Offset.Beginning));
        return [.. Enumerable.Range(0, count).Select(_ => consumer.Consume(Bound).Message.Value)];
    }
}

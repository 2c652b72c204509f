using Banking.Streaming.Kafka.Tests.Brokers;

namespace Banking.Streaming.Kafka.Tests.Consuming;

/// <summary>Readers that are slower than the brokers, beside others on the same consumer.</summary>
public sealed class ReadAheadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_WhenTheReaderBeforeEndedWhileItsFetchingWasPaused_ThenTheNextOneGetsTheRecords()
    {
        using var cluster = new MockCluster();
        await using var topic = new TestTopic(cluster.BootstrapServers);
        cluster.CreateTopic(topic.Name, 4);
        var log = await topic.Open(options => options.ReadAheadRecords = 1);
        await using var other = await log.OpenReaderAsync(1, 0, Cancellation);
        await using (var slow = await log.OpenReaderAsync(0, 0, Cancellation))
        {
            await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
            await slow.WaitAsync(Cancellation);

            // What comes for the other one, twice, shows that the consumer has looked after the slow one was full.
            for (var i = 0; i < 2; i++)
            {
                await log.AppendAsync(1, TestTopic.Records("c"), Cancellation);
                await TestTopic.Next(other);
            }
        }

        await using var next = await log.OpenReaderAsync(0, 0, Cancellation);

        Assert.Equal(0, (await TestTopic.Next(next))[0].Offset);
    }
}

using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Tests.Topics;

/// <summary>Other producers' transactions in the topic: what lies behind an open one is in the log and can't be read yet.</summary>
public sealed class TransactionTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private TestTopic? _topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _topic = new TestTopic(await RealServers.Kafka());

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
    }

    [Fact]
    public async Task GetBounds_WhenATransactionIsOpen_ThenWhatWasAcknowledgedBehindItCounts()
    {
        var log = await _topic!.Open();
        using var stranger = await Begin();

        var acknowledged = await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);

        Assert.Equal(1, acknowledged);
        Assert.Equal(new LogBounds(0, 2), await log.GetBoundsAsync(0, Cancellation));
        Assert.Empty(await TestTopic.ReadAll(log, 0));
    }

    [Fact]
    public async Task Read_WhenATransactionIsOpen_ThenTheReaderEndsBeforeItAndGoesOnWhenItIsOver()
    {
        var log = await _topic!.Open();
        using var stranger = await Begin();
        await log.AppendAsync(0, TestTopic.Records("a"), Cancellation);
        await using var reader = await log.OpenReaderAsync(0, 0, Cancellation);

        Assert.Empty(await reader.ReadAsync(10, Cancellation));
        Assert.Equal(0, reader.NextOffset);

        stranger.AbortTransaction(Bound);
        Assert.Equal(1, Assert.Single(await TestTopic.Next(reader)).Offset);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_WhenThePartitionEndsWithATransactionThatIsOver_ThenTheReaderReachesTheEnd(bool isCommitted)
    {
        var log = await _topic!.Open();
        using (var stranger = await Begin())
        {
            if (isCommitted) stranger.CommitTransaction(Bound);
            else stranger.AbortTransaction(Bound);
        }

        var bounds = await log.GetBoundsAsync(0, Cancellation);
        await using var reader = await log.OpenReaderAsync(0, 0, Cancellation);
        var read = 0;
        while (await reader.ReadAsync(10, Cancellation) is { Count: > 0 } records) read += records.Count;

        Assert.Equal(isCommitted ? 1 : 0, read);
        Assert.Equal((2, 2), (bounds.Next, reader.NextOffset));
    }

    [Fact]
    public async Task Read_WhenItStartsBehindAnOpenTransaction_ThenItIsBounded()
    {
        var log = await _topic!.Open(options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        using var stranger = await Begin();
        await log.AppendAsync(0, TestTopic.Records("a", "b"), Cancellation);
        await using var reader = await log.OpenReaderAsync(0, 2, Cancellation);

        var reading = reader.ReadAsync(10, Cancellation).AsTask();
        await Task.WhenAny(reading).WaitAsync(Bound, Cancellation);

        if (reading.IsFaulted)
        {
            Assert.Contains("did not answer", (await Assert.ThrowsAsync<LogException>(() => reading)).Message, StringComparison.Ordinal);
        }
        else Assert.Empty(await reading);
    }

    /// <summary>A transaction of another producer, with one record in the first partition, that is open.</summary>
    private async Task<IProducer<Null, string>> Begin()
    {
        var settings = new ProducerConfig { BootstrapServers = _topic!.BootstrapServers, TransactionalId = _topic.Name };
        var producer = new ProducerBuilder<Null, string>(settings).Build();
        producer.InitTransactions(Bound);
        producer.BeginTransaction();
        await producer.ProduceAsync(
            new TopicPartition(_topic.Name, 0), new Message<Null, string> { Value = "of a transaction" }, Cancellation);
        return producer;
    }
}

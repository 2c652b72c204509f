using Confluent.Kafka;

namespace Banking.Benchmarks.Streams;

/// <summary>The peer of <c>produce</c>: Confluent.Kafka itself, idempotent and with all acknowledgements, each batch awaited.</summary>
internal sealed class RawProducer(string servers, string topic) : IDisposable
{
    private readonly IProducer<Null, byte[]> _producer = new ProducerBuilder<Null, byte[]>(
        new ProducerConfig { BootstrapServers = servers, EnableIdempotence = true, Acks = Acks.All, LingerMs = 1 }).Build();

    public Task AppendAsync(int partition, byte[][] values)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = values.Length;
        void OnReport(DeliveryReport<Null, byte[]> report)
        {
            if (report.Error.IsError) done.TrySetException(new KafkaException(report.Error));
            if (Interlocked.Decrement(ref left) == 0) done.TrySetResult();
        }

        var target = new TopicPartition(topic, partition);
        foreach (var value in values) _producer.Produce(target, new Message<Null, byte[]> { Value = value }, OnReport);
        return done.Task;
    }

    public void Dispose() => _producer.Dispose();
}

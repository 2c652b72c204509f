using Banking.Streaming.Kafka.Tests.Brokers;
using Confluent.Kafka;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>A topic as other clients than ours see it.</summary>
internal static class TopicRecords
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    /// <summary>How far each partition goes.</summary>
    /// <exception cref="KafkaException">One has no leader.</exception>
    public static long[] Ends(TestTopic topic)
    {
        using var consumer = Consumer(topic);
        var partitions = topic.Admin.GetMetadata(topic.Name, MaxWait).Topics[0].Partitions.Count;
        return [.. Enumerable.Range(0, partitions)
            .Select(partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic.Name, partition), MaxWait).High.Value)];
    }

    /// <summary>Gives a new topic the records of another one, each partition's up to its end.</summary>
    public static async Task Copy(TestTopic topic, long[] ends, TestTopic target)
    {
        using var consumer = Consumer(topic);
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(
            new ProducerConfig { BootstrapServers = target.BootstrapServers, EnableIdempotence = true, LingerMs = 5 }).Build();
        var sent = new List<Task>();
        for (var p = 0; p < ends.Length; p++)
        {
            if (ends[p] == 0) continue;
            consumer.Assign(new TopicPartitionOffset(topic.Name, p, 0));
            for (var next = 0L; next < ends[p];)
            {
                var read = consumer.Consume(MaxWait) ?? throw new TimeoutException($"Nothing came at offset {next} of partition {p}.");
                next = read.Offset + 1;
                if (next <= ends[p]) sent.Add(producer.ProduceAsync(new TopicPartition(target.Name, p), SameAs(read.Message)));
            }
        }

        await Task.WhenAll(sent);
    }

    private static Message<byte[]?, byte[]?> SameAs(Message<byte[]?, byte[]?> message) => new()
    {
        Key = message.Key,
        Value = message.Value,
        Headers = message.Headers,
        Timestamp = new Timestamp(message.Timestamp.UnixTimestampMs, TimestampType.CreateTime),
    };

    private static IConsumer<byte[]?, byte[]?> Consumer(TestTopic topic) => new ConsumerBuilder<byte[]?, byte[]?>(
        new ConsumerConfig { BootstrapServers = topic.BootstrapServers, GroupId = topic.Name, EnableAutoCommit = false }).Build();
}

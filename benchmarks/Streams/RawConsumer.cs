using System.Diagnostics;
using Confluent.Kafka;

namespace Banking.Benchmarks.Streams;

/// <summary>The peer of <c>deliver</c>: Confluent.Kafka's consumer, assigned all partitions, one record a call, each thrown away.</summary>
internal sealed class RawConsumer : IDisposable
{
    private readonly IConsumer<Ignore, byte[]> _consumer;

    public RawConsumer(string servers, string topic, int partitions, Offset from)
    {
        _consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = "bench-raw",
            EnableAutoCommit = false,

            // As ours: by default it rests for a second whenever its queue is full.
            FetchQueueBackoffMs = 10,
        }).Build();
        _consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, from)));
    }

    /// <summary>Null after ten seconds without a record.</summary>
    public byte[]? Take() => _consumer.Consume(TimeSpan.FromSeconds(10))?.Message.Value;

    /// <summary>Returns when the first record was taken.</summary>
    public void Connect()
    {
        while (Take() is null)
        {
        }
    }

    /// <summary>Takes all records of a topic but the first.</summary>
    /// <param name="records">How many the topic has.</param>
    /// <returns>Records a second.</returns>
    public double TakeRest(int records)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 1; i < records; i++)
        {
            if (Take() is null) throw new BenchmarkFailedException($"The raw consumer got {i} of {records} records.");
        }

        return (records - 1) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose() => _consumer.Dispose();
}

using System.Buffers.Binary;
using System.Diagnostics;
using Banking.Client.Loading;
using Confluent.Kafka;

namespace Banking.Benchmarks.Streams;

/// <summary>From the call that publishes an event to the grain that takes it, at a steady rate.</summary>
internal sealed class LatencyBenchmark : IBenchmark
{
    private const int Partitions = 4;
    private const int PerSecond = 1_000;

    public string Name => "latency";

    public string Summary =>
        $"Produce to delivery at {PerSecond:N0} single events/s, p99; peer: Confluent.Kafka's producer and consumer. Less is better.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var kafka = KafkaTopics.Connect();
        var ours = await OursAsync(bench, kafka, cancellationToken);
        var peer = await PeerAsync(bench, kafka, cancellationToken);
        Say(bench, "stream", ours);
        Say(bench, "raw", peer);
        return new Comparison(ours.Percentile(99).TotalMilliseconds, peer.Percentile(99).TotalMilliseconds, "ms");
    }

    private static void Say(Workbench bench, string name, LatencyHistogram latency) => bench.Say(
        $"{name,-6} {latency.Count:N0} events, p50 {latency.Percentile(50).TotalMilliseconds:0.00} ms, p99 "
            + $"{latency.Percentile(99).TotalMilliseconds:0.00} ms, p99.9 {latency.Percentile(99.9).TotalMilliseconds:0.00} ms, most "
            + $"{latency.Max.TotalMilliseconds:0.0} ms");

    private static async Task<LatencyHistogram> OursAsync(Workbench bench, KafkaTopics kafka, CancellationToken cancellationToken)
    {
        Counted.Reset();
        await using var silo = await StreamSilo.StartAsync(kafka.Servers, await kafka.CreateAsync(Partitions), cancellationToken);
        var streams = Enumerable.Range(0, Partitions).Select(silo.Partition).ToArray();
        async Task<long> Run(TimeSpan time) => await PaceAsync(
            bench, time, i => streams[i % Partitions].OnNextAsync(Stamp()), cancellationToken);
        var sent = await Run(bench.WarmUp);
        while (Counted.Records < sent) await bench.WaitAsync(TimeSpan.FromMilliseconds(5), cancellationToken);
        var latency = Counted.Latency = new LatencyHistogram();
        sent += await Run(bench.Duration);
        while (Counted.Records < sent) await bench.WaitAsync(TimeSpan.FromMilliseconds(5), cancellationToken);
        Counted.Latency = null;
        return latency;
    }

    private static async Task<LatencyHistogram> PeerAsync(Workbench bench, KafkaTopics kafka, CancellationToken cancellationToken)
    {
        var topic = await kafka.CreateAsync(Partitions);
        using var producer = new RawProducer(kafka.Servers, topic);
        using var consumer = new RawConsumer(kafka.Servers, topic, Partitions, Offset.Beginning);
        var latency = new LatencyHistogram();
        var sent = long.MaxValue;
        var warm = (long)(bench.WarmUp.TotalSeconds * PerSecond);
        var consuming = Task.Run(
            () =>
            {
                for (var taken = 0L; taken < Volatile.Read(ref sent);)
                {
                    if (consumer.Take() is not { } value) continue;
                    if (++taken > warm) latency.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(value)));
                }
            },
            cancellationToken);
        Volatile.Write(
            ref sent,
            await PaceAsync(
                bench, bench.WarmUp + bench.Duration, i => producer.AppendAsync((int)(i % Partitions), [Stamp()]), cancellationToken));
        await consuming;
        return latency;
    }

    private static byte[] Stamp()
    {
        var value = new byte[OldEvents.Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, Stopwatch.GetTimestamp());
        return value;
    }

    /// <summary>
    /// Makes calls at the rate, whether or not those before have ended: a slow answer must not lower the rate that it is measured at.
    /// </summary>
    private static async Task<long> PaceAsync(Workbench bench, TimeSpan time, Func<long, Task> call, CancellationToken cancellationToken)
    {
        var started = bench.Time.GetTimestamp();
        var calls = new List<Task>();
        while (bench.Time.GetElapsedTime(started) is var elapsed && elapsed < time)
        {
            for (var due = (long)(elapsed.TotalSeconds * PerSecond); calls.Count < due;) calls.Add(call(calls.Count));
            await bench.WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken);
        }

        await Task.WhenAll(calls);
        return calls.Count;
    }
}

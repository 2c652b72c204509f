using System.Diagnostics;
using Banking.Benchmarks.Measuring;
using Confluent.Kafka;

namespace Banking.Benchmarks.Streams;

/// <summary>A topic full of records to grains that count them, for several numbers of partitions.</summary>
internal sealed class DeliverBenchmark : IBenchmark
{
    private const int BatchRecords = 1_000;
    private const int PerSecond = 300_000;
    private static readonly int[] PartitionCounts = [4, 1, 16, 64];

    public string Name => "deliver";

    public string Summary =>
        "Records that lie in Kafka, delivered to grains that count them; peer: Confluent.Kafka's consumer that throws them away.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var kafka = KafkaTopics.Connect();
        var records = (int)(bench.Duration.TotalSeconds * PerSecond) / 64 / BatchRecords * 64 * BatchRecords;
        if (records == 0) throw new BenchmarkFailedException("--seconds is too short for this benchmark: at least 1.");
        bench.Say(
            $"{records:N0} records of {OldEvents.Bytes} bytes, in 1 to 64 partitions; everything, the broker too, on "
                + $"{Environment.ProcessorCount} processors.");
        await DeliverAsync(bench, kafka, await FillAsync(kafka, 4, records), 4, records, "warm-up", cancellationToken);
        Comparison? result = null;
        foreach (var partitions in PartitionCounts)
        {
            var topic = await FillAsync(kafka, partitions, records);
            var ours = await DeliverAsync(bench, kafka, topic, partitions, records, "stream", cancellationToken);
            var peer = await Task.Run(() => ConsumeRaw(bench, kafka, topic, partitions, records), cancellationToken);
            result ??= new Comparison(ours, peer, "records/s");
        }

        return result!;
    }

    private static async Task<string> FillAsync(KafkaTopics kafka, int partitions, int records)
    {
        var topic = await kafka.CreateAsync(partitions);
        using var producer = new RawProducer(kafka.Servers, topic);
        var batch = OldEvents.Make(BatchRecords);
        var batches = records / BatchRecords;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(4, partitions)).Select(async caller =>
        {
            for (var i = caller; i < batches; i += Math.Min(4, partitions)) await producer.AppendAsync(i % partitions, batch);
        }));
        return topic;
    }

    private static async Task<double> DeliverAsync(
        Workbench bench, KafkaTopics kafka, string topic, int partitions, int records, string name, CancellationToken cancellationToken)
    {
        Counted.Reset();
        var before = RuntimeUse.Now;
        await using var silo = await StreamSilo.StartAsync(kafka.Servers, topic, cancellationToken);
        while (Counted.Records == 0) await bench.WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken);
        var (started, already) = (Stopwatch.GetTimestamp(), Counted.Records);
        while (Counted.Records < records) await bench.WaitAsync(TimeSpan.FromMilliseconds(2), cancellationToken);
        var perSecond = (records - already) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var use = RuntimeUse.Now - before;
        if (Counted.Records != records)
        {
            throw new BenchmarkFailedException($"{records} records are in the topic, {Counted.Records} were delivered.");
        }
        bench.Say(
            $"{name,-7} {partitions,2} partitions {perSecond,9:N0} records/s, {records / Counted.Batches,4:N0} a delivery, "
                + $"{use.AllocatedBytes / (double)records:N0} bytes allocated and {use.Cpu.TotalMicroseconds / records:0.00} us of "
                + $"processor a record (the silo's start included)");
        return perSecond;
    }

    private static double ConsumeRaw(Workbench bench, KafkaTopics kafka, string topic, int partitions, int records)
    {
        using var consumer = new RawConsumer(kafka.Servers, topic, partitions, Offset.Beginning);
        consumer.Connect();
        var before = RuntimeUse.Now;
        var perSecond = consumer.TakeRest(records);
        var use = RuntimeUse.Now - before;
        bench.Say(
            $"raw     {partitions,2} partitions {perSecond,9:N0} records/s, {use.AllocatedBytes / (double)records:N0} bytes allocated and "
                + $"{use.Cpu.TotalMicroseconds / records:0.00} us of processor a record");
        return perSecond;
    }
}

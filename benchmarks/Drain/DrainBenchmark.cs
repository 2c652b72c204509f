using System.Diagnostics;
using Banking.Benchmarks.Processes;
using Banking.Benchmarks.Streams;
using Confluent.Kafka;

namespace Banking.Benchmarks.Drain;

/// <summary>A topic full of the old pipeline's events into the four tables, by the built silo as a process of its own.</summary>
internal sealed class DrainBenchmark : IBenchmark
{
    private const int Partitions = 4;
    private const int BatchRecords = 1_000;
    private const int Records = 2_000_000;
    private const double Megabyte = 1 << 20;

    public string Name => "drain";

    public string Summary =>
        $"{Records:N0} events of the old pipeline, from Kafka into the lake's tables; peer: Confluent.Kafka's consumer that throws them "
            + "away.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var kafka = KafkaTopics.Connect();
        await using var lake = BenchLake.Create();
        bench.Say(
            $"{Records:N0} events of all types, {MixedEvents.Bytes} bytes each, in {Partitions} partitions; everything, broker and lake "
                + $"too, on {Environment.ProcessorCount} processors.");
        var topic = await kafka.CreateAsync(Partitions);
        await FillAsync(kafka.Servers, topic);
        var ours = await DrainAsync(bench, kafka.Servers, topic, lake, cancellationToken);
        var (files, rows) = await lake.CountAsync(cancellationToken);
        if (rows != Records) throw new BenchmarkFailedException($"{Records} events are in the topic, {rows} rows in the lake.");
        bench.Say($"       {rows:N0} rows in {files} files");
        var peer = await Task.Run(() => ConsumeRaw(bench, kafka.Servers, topic), cancellationToken);
        return new Comparison(ours, peer, "events/s");
    }

    private static async Task FillAsync(string servers, string topic)
    {
        using var producer = new RawProducer(servers, topic);
        var events = new MixedEvents();
        for (var i = 0; i < Records / BatchRecords / Partitions; i++)
        {
            await Task.WhenAll(
                Enumerable.Range(0, Partitions).Select(partition => producer.AppendAsync(partition, events.Make(BatchRecords))));
        }
    }

    private static async Task<double> DrainAsync(
        Workbench bench, string servers, string topic, BenchLake lake, CancellationToken cancellationToken)
    {
        using var folder = bench.MakeFolder();
        string[] settings = ["--Banking:Kafka:BootstrapServers", servers, "--Banking:Kafka:Topic", topic, "--Banking:Lake:Root", lake.Root];
        await using var silo = await ServerProcess.StartSiloAsync(folder.File("data"), settings, bench.Time, cancellationToken);

        // Returns when every event that was in the topic is committed.
        await silo.FlushLakeAsync(cancellationToken);
        var finished = Stopwatch.GetTimestamp();

        // The sinks say where they go on, then ask for the first records.
        var started = silo.FirstSaid("The lake takes") ?? throw new BenchmarkFailedException("The silo did not say when it began.");
        var perSecond = Records / Stopwatch.GetElapsedTime(started, finished).TotalSeconds;
        bench.Say(
            $"silo   {perSecond,9:N0} events/s from the first fetch to the last commit, {silo.PeakResidentBytes / Megabyte:N0} MB at the "
                + $"most, {silo.Cpu.TotalMicroseconds / Records:0.00} us of processor an event (the silo's start included)");
        return perSecond;
    }

    private static double ConsumeRaw(Workbench bench, string servers, string topic)
    {
        using var consumer = new RawConsumer(servers, topic, Partitions, Offset.Beginning);
        consumer.Connect();
        var perSecond = consumer.TakeRest(Records);
        bench.Say($"raw    {perSecond,9:N0} records/s");
        return perSecond;
    }
}

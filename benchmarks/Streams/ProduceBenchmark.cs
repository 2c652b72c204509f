using Banking.Benchmarks.Measuring;

namespace Banking.Benchmarks.Streams;

/// <summary>Awaited batches through the provider.</summary>
internal sealed class ProduceBenchmark : IBenchmark
{
    private const int Partitions = 4;
    private const int BatchRecords = 500;
    private const int Callers = 8;

    public string Name => "produce";

    public string Summary =>
        $"Awaited batches of {BatchRecords} records into Kafka through a stream; peer: Confluent.Kafka's producer, the same batches.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var kafka = KafkaTopics.Connect();
        var batch = OldEvents.Make(BatchRecords);
        bench.Say(
            $"{Callers} callers, each one batch of {BatchRecords} records of {OldEvents.Bytes} bytes at a time, {Partitions} partitions.");
        using var raw = new RawProducer(kafka.Servers, await kafka.CreateAsync(Partitions));
        await using var client = await StreamClient.StartAsync(kafka.Servers, await kafka.CreateAsync(Partitions), cancellationToken);
        var streams = Enumerable.Range(0, Partitions).Select(client.Partition).ToArray();

        async Task<int> Ours(int caller)
        {
            await streams[caller % Partitions].OnNextBatchAsync(batch);
            return BatchRecords;
        }

        async Task<int> Peer(int caller)
        {
            await raw.AppendAsync(caller % Partitions, batch);
            return BatchRecords;
        }

        // Both are warmed up first: they run the same client, which the first one would compile for the other.
        await Measuring.ManyCallers.RunAsync(Callers, bench.WarmUp, bench.Time, Ours);
        await Measuring.ManyCallers.RunAsync(Callers, bench.WarmUp, bench.Time, Peer);
        var (ours, use) = await MeasureAsync(bench, Ours);
        var (peer, peerUse) = await MeasureAsync(bench, Peer);
        bench.Say(
            $"stream {ours.PerSecond,9:N0} records/s, {ours.Latencies} a batch, {use.AllocatedBytes / (double)ours.Done:N0} bytes "
                + $"allocated and {use.Cpu.TotalMicroseconds / ours.Done:0.00} us of processor a record");
        bench.Say(
            $"raw    {peer.PerSecond,9:N0} records/s, {peer.Latencies} a batch, {peerUse.AllocatedBytes / (double)peer.Done:N0} bytes "
                + $"allocated and {peerUse.Cpu.TotalMicroseconds / peer.Done:0.00} us of processor a record");
        return new Comparison(ours.PerSecond, peer.PerSecond, "records/s");
    }

    private static async Task<(Work Work, RuntimeUse Use)> MeasureAsync(Workbench bench, Func<int, Task<int>> call)
    {
        var before = RuntimeUse.Now;
        var work = await Measuring.ManyCallers.RunAsync(Callers, bench.Duration, bench.Time, call);
        return (work, RuntimeUse.Now - before);
    }
}

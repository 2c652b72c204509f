using Banking.Benchmarks.Measuring;
using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Benchmarks.Log;

/// <summary>Appends to the embedded log: batches from one caller, and single records from many.</summary>
internal sealed class LogBenchmark : IBenchmark
{
    private const int BatchRecords = 256;
    private const int ValueBytes = 400;
    private const int SingleCallers = 128;

    public string Name => "log";

    public string Summary =>
        $"Durable appends of {BatchRecords} records of {ValueBytes} bytes; peer: a bare file, written and flushed to the disk batch by "
            + "batch.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Say(
            $"{bench.Duration.TotalSeconds} s each: {BatchRecords} records of {ValueBytes} bytes at once by one caller, single records by "
                + $"{SingleCallers} callers.");
        using var folder = bench.MakeFolder();
        var batch = Enumerable.Range(0, BatchRecords).Select(i => new NewLogRecord(Bytes(16, i), Bytes(ValueBytes, i), [])).ToArray();
        var (batched, single) = await AppendAsync(bench, folder, batch, cancellationToken);
        var peer = await FileAppends.RunAsync(bench, folder.File("batches"), batch);
        var singlePeer = await FileAppends.RunAsync(bench, folder.File("records"), batch[..1]);
        bench.Say($"log,  batches {batched.PerSecond,9:N0} records/s, {batched.Latencies}");
        bench.Say($"file, batches {peer.PerSecond,9:N0} records/s, {peer.Latencies}");
        bench.Say($"log,  singles {single.PerSecond,9:N0} records/s, {single.Latencies}");
        bench.Say(
            $"file, singles {singlePeer.PerSecond,9:N0} records/s, {singlePeer.Latencies} (one caller: a bare file has no group commit)");
        return new Comparison(batched.PerSecond, peer.PerSecond, "records/s");
    }

    private static async Task<(Work Batched, Work Single)> AppendAsync(
        Workbench bench, TemporaryFolder folder, NewLogRecord[] batch, CancellationToken cancellationToken)
    {
        var options = new SqliteLogOptions { Path = folder.File("log.db"), Partitions = 4 };
        await using var log = SqliteLog.Open(options, bench.Time, NullLogger.Instance);
        var turn = 0;

        async Task<int> AppendBatch(int caller)
        {
            await log.AppendAsync(turn++ % log.PartitionCount, batch, cancellationToken);
            return batch.Length;
        }

        async Task<int> AppendSingle(int caller)
        {
            await log.AppendAsync(caller % log.PartitionCount, batch[..1], cancellationToken);
            return 1;
        }

        await ManyCallers.RunAsync(1, bench.WarmUp, bench.Time, AppendBatch);
        var batched = await ManyCallers.RunAsync(1, bench.Duration, bench.Time, AppendBatch);
        await ManyCallers.RunAsync(SingleCallers, bench.WarmUp, bench.Time, AppendSingle);
        return (batched, await ManyCallers.RunAsync(SingleCallers, bench.Duration, bench.Time, AppendSingle));
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}

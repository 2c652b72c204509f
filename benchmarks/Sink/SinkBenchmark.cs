using System.Diagnostics.Metrics;
using Banking.Benchmarks.Measuring;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Sink.Diagnostics;
using Banking.Sink.Partitions;
using Banking.Sink.Settings;
using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Benchmarks.Sink;

/// <summary>One partition's sink: records as the stream delivers them, to committed Parquet files.</summary>
internal sealed class SinkBenchmark : IBenchmark
{
    private const int Rows = 400_000;
    private const int BatchRecords = 1_000;

    public string Name => "sink";

    public string Summary =>
        "Deposits from log records to committed Parquet files, one partition; peer: DuckDB COPY of the same rows, Snappy, one thread.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Say(
            $"{Rows:N0} deposits of one partition, JSON records in memory to committed Parquet files, twice: the first time warms up.");
        using var folder = bench.MakeFolder();
        var events = new DepositEvents(Rows);
        await DrainAsync(bench, folder, "warm-up", events, cancellationToken);
        var ours = await DrainAsync(bench, folder, "lake", events, cancellationToken);
        bench.Say($"sink: {ours:N0} rows/s from JSON");
        await events.WriteLinesAsync(folder.File("events.jsonl"), cancellationToken);
        var (copy, fromJson) = DuckCopy.Run(bench, folder, Rows);
        bench.Say(
            $"DuckDB: {copy:N0} rows/s from its own table, {fromJson:N0} rows/s from the same JSON (its types inferred, fewer columns)");
        return new Comparison(ours, copy, "rows/s");
    }

    /// <returns>Rows per second, the last commit included.</returns>
    private static async Task<double> DrainAsync(
        Workbench bench, TemporaryFolder folder, string name, DepositEvents events, CancellationToken cancellationToken)
    {
        var log = SqliteLog.Open(
            new SqliteLogOptions { Path = folder.File(name + ".db"), Partitions = 1 }, bench.Time, NullLogger.Instance);
        await using var closing = log;
        var batches = await events.AppendAsync(log, BatchRecords, cancellationToken);
        await using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new SinkMetrics(provider.GetRequiredService<IMeterFactory>());
        var options = new LakeSinkOptions { Root = folder.File(name) };
        var services = new PartitionServices(
            new FolderLakeStore(options.Root), log, new ParquetEncoder(
                options.RowGroupRows), metrics, options, bench.Time, NullLogger<PartitionSink>.Instance);
        var turns = new TaskFactory(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
        var elapsed = await turns.StartNew(() => DrainAsync(services, batches, cancellationToken), cancellationToken).Unwrap();
        LakeCount.Require(options.Root, DepositEvents.Prefix, Rows);
        return Rows / elapsed.TotalSeconds;
    }

    private static async Task<TimeSpan> DrainAsync(
        PartitionServices services, List<LogRecordBatch> batches, CancellationToken cancellationToken)
    {
        using var sink = await PartitionSink.OpenAsync(services, partition: 0, cancellationToken);
        var start = services.Time.GetTimestamp();
        foreach (var batch in batches) await sink.TakeAsync(batch, cancellationToken);
        await sink.FlushAsync(Rows - 1, cancellationToken);
        return services.Time.GetElapsedTime(start);
    }
}

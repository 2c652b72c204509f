using System.Diagnostics;
using System.Security.Cryptography;
using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Tests.Consuming;

/// <summary>Records that are small in the topic and unpack to very much.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class RecordSizeTests : IAsyncLifetime
{
    // It measures what the whole process allocates.
    private const string Alone = "Measures the memory of the process";
    private const int Large = 30_000_000;
    private const int LargeRecords = 24;
    private const long MiB = 1024 * 1024;

    private TestTopic? _topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _topic = new TestTopic(await RealServers.Kafka());

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
    }

    [Fact]
    public async Task Read_WhenRecordsUnpackToTooMuch_ThenOnlyTheirBeginningIsKeptAndMemoryStaysBounded()
    {
        // To unpack and to hash that much takes its time on a busy machine.
        var log = await _topic!.Open(options => options.RequestTimeout = TimeSpan.FromMinutes(1));
        var hash = await ProduceLargeAsync();
        await log.AppendAsync(0, TestTopic.Records("behind"), Cancellation);
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (allocated, resident) = (GC.GetTotalAllocatedBytes(precise: true), process.WorkingSet64);

        var records = new List<LogRecord>();
        var peak = 0L;
        await using (var reader = await log.OpenReaderAsync(0, 0, Cancellation))
        {
            while (records.Count <= LargeRecords)
            {
                records.AddRange(await TestTopic.Next(reader));
                process.Refresh();
                peak = Math.Max(peak, process.WorkingSet64);
            }
        }

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        TestContext.Current.SendDiagnosticMessage(
            $"{LargeRecords} records of {Large} bytes: {allocated / MiB} MiB allocated, {resident / MiB} MiB resident before, peak "
                + $"{peak / MiB} MiB.");
        Assert.All(records.SkipLast(1), record =>
        {
            Assert.Equal(64 * 1024, record.Value.Length);
            Assert.Contains($"of {Large} bytes of the value (SHA-256 {hash})", RecordCut.SentenceOf(record), StringComparison.Ordinal);
        });
        Assert.False(RecordCut.IsCut(records[^1]));
        Assert.InRange(allocated, 0, 100 * MiB);
        Assert.InRange(peak - resident, 0, 500 * MiB);
    }

    [Fact]
    public async Task Read_WhenARecordIsAsLargeAsAllowed_ThenItIsWhole()
    {
        var log = await _topic!.Open(options => options.MaxReadBytes = 256 * 1024);
        await log.AppendAsync(0, [new NewLogRecord(new byte[1_024], new byte[255 * 1024], [])], Cancellation);
        await log.AppendAsync(0, [new NewLogRecord(new byte[1_025], new byte[255 * 1024], [])], Cancellation);
        await log.AppendAsync(0, [new NewLogRecord(default, new byte[10], [new LogHeader("h", new byte[260 * 1024])])], Cancellation);
        await using var reader = await log.OpenReaderAsync(0, 0, Cancellation);
        List<LogRecord> records = [];

        while (records.Count < 3) records.AddRange(await TestTopic.Next(reader));

        Assert.Equal([false, true, true], records.Select(record => RecordCut.IsCut(record)));
        Assert.Equal(255 * 1024, records[0].Value.Length);
    }

    /// <returns>The SHA-256 of the values.</returns>
    private async Task<string> ProduceLargeAsync()
    {
        var value = new byte[Large];
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = _topic!.BootstrapServers,
            CompressionType = CompressionType.Gzip,
            MessageMaxBytes = 2 * Large,
        }).Build();
        for (var i = 0; i < LargeRecords; i++)
            await producer.ProduceAsync(new TopicPartition(_topic.Name, 0), new Message<Null, byte[]> { Value = value }, Cancellation);
        return Convert.ToHexStringLower(SHA256.HashData(value));
    }
}

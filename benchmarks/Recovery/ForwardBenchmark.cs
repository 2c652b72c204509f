using System.Globalization;
using Banking.Accounts;
using Banking.Benchmarks.Measuring;
using Banking.Benchmarks.Storage;
using Banking.Events;
using Banking.Gate;
using Banking.Lake;
using Banking.Lake.Identity;
using Banking.Lake.Store;
using Banking.Recovery;
using Banking.Silo.Recovery;
using Banking.Silo.Streams;
using Banking.Storage;
using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Banking.Benchmarks.Recovery;

/// <summary>A bank whose database is gone: a million accounts take in their events from the embedded log.</summary>
internal sealed class ForwardBenchmark : IBenchmark
{
    private const int Accounts = 1_000_000;
    private const int EventsOfEach = 5;
    private const int Partitions = 8;
    private const int BatchRecords = 8_192;
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);

    public string Name => "forward";

    public string Summary =>
        $"{Accounts:N0} accounts take in {EventsOfEach} events each from the embedded log; peer: the same log, read and not looked at.";

    public async Task<Comparison> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var folder = bench.MakeFolder();
        var path = folder.File("log.db");
        var events = await Fill(path, bench, cancellationToken);
        await using var log = SqliteLog.Open(
            new SqliteLogOptions { Path = path, Partitions = Partitions, RetentionAge = null }, bench.Time, NullLogger.Instance);
        var began = bench.Time.GetTimestamp();
        await Parallel.ForAsync(0, Partitions, cancellationToken, async (partition, token) => await Read(log, partition, token));
        var peer = events / bench.Time.GetElapsedTime(began).TotalSeconds;
        bench.Say($"read    {peer,9:N0} events/s");
        await using var storage = await StartedStorage.OpenAsync(
            (services, name) =>
                services.AddSqliteGrainStorage(name, options => options.Configure(sqlite => sqlite.Path = folder.File("storage.db"))));
        var accounts = new AccountStore(storage.Storage, (IGrainIndex)storage.Storage, bench.Time);
        var lake = new FolderLakeStore(folder.File("lake"));
        var check = new BankCheck(
            accounts,
            log,
            lake,
            new LakeIdentityFiles(lake),
            new NoEvidence(),
            Options.Create(new AccountOptions()),
            bench.Time,
            NullLogger<BankCheck>.Instance);
        var totals = new IntakeTotals();
        var before = RuntimeUse.Now;
        began = bench.Time.GetTimestamp();
        await check.RunAsync(totals, cancellationToken);
        var time = bench.Time.GetElapsedTime(began);
        var use = RuntimeUse.Now - before;
        if (totals.Taken != events || totals.SetAside > 0)
        {
            throw new BenchmarkFailedException($"{totals.Taken} of {events} events were taken in, {totals.SetAside} accounts set aside.");
        }
        bench.Say(
            $"forward {events / time.TotalSeconds,9:N0} events/s, {totals.Written:N0} records written, {time.TotalSeconds:0.0} s, "
                + $"{Environment.WorkingSet >> 20:N0} MB resident");
        bench.Say($"        {use.Cpu.TotalMicroseconds / events:0.0} µs of processor and {use.AllocatedBytes / events:N0} bytes an event");
        bench.Say($"        {use.Paused.TotalSeconds:0.0} s of pauses for the collector");
        began = bench.Time.GetTimestamp();
        await check.RunAsync(new IntakeTotals(), cancellationToken);
        bench.Say($"check   {events / bench.Time.GetElapsedTime(began).TotalSeconds,9:N0} events/s, once nothing is missing");
        return new Comparison(events / time.TotalSeconds, peer, "events/s");
    }

    // Each round is one event of every account: an account's next event is as far from its last one as can be.
    private static async Task<long> Fill(string path, Workbench bench, CancellationToken cancellationToken)
    {
        var gate = new BankGate();
        gate.Set(new BankStatus(BankStage.Checked, "benchmarks00", null, 0));
        var codec = new GameEventCodec(gate);
        var stream = StreamId.Create(GameNames.Events, "0");
        await using var log = SqliteLog.Open(
            new SqliteLogOptions { Path = path, Partitions = Partitions, RetentionAge = null }, bench.Time, NullLogger.Instance);
        var batches = Enumerable.Range(0, Partitions).Select(_ => new List<NewLogRecord>(BatchRecords)).ToArray();
        for (var number = 1; number <= EventsOfEach; number++)
        {
            for (var account = 0; account < Accounts; account++)
            {
                var record = codec.Encode(stream, Event(account, number, bench));
                var partition = account % Partitions;
                batches[partition].Add(record);
                if (batches[partition].Count < BatchRecords) continue;
                await log.AppendAsync(partition, batches[partition], cancellationToken);
                batches[partition] = new List<NewLogRecord>(BatchRecords);
            }
        }

        for (var p = 0; p < Partitions; p++) await log.AppendAsync(p, batches[p], cancellationToken);
        return (long)Accounts * EventsOfEach;
    }

    private static GameEvent Event(int account, int number, Workbench bench)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"player-{account:D7}");
        var amount = number == 1 ? (decimal?)null : number;
        return new GameEvent
        {
            EventType = number == 1 ? OpenAccount.EventType : Deposit.EventType,
            Description = number == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id} {number}.0"),
            Origin = new RequestOrigin { Host = "localhost:5000", Accept = "*/*", ContentType = "application/json", ContentLength = "16" },
            EventId = string.Create(CultureInfo.InvariantCulture, $"account/{id}/{number}"),
            AccountId = id,
            SequenceNumber = number,
            ActionId = bench.NewActionId(),
            OccurredAt = Start.AddSeconds(number),
            Amount = amount,
            CashBalance = ((number * (number + 1)) / 2) - 1,
            Holder = number == 1 ? "Player " + id : null,
        };
    }

    private static async Task Read(SqliteLog log, int partition, CancellationToken cancellationToken)
    {
        await using var reader = await log.OpenReaderAsync(partition, 0, cancellationToken);
        while ((await reader.ReadAsync(4_096, cancellationToken)).Count > 0)
        {
            // The reading is all.
        }
    }
    private sealed class NoEvidence : ILakeEvidence
    {
        public Task<string?> FindContradictionAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public Task<long> FindEndAsync(string log, int partition, CancellationToken cancellationToken) => Task.FromResult(0L);

        public Task<IReadOnlyList<string>> FindClosedChainsAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>([]);
    }
}

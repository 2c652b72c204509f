using System.Buffers;
using System.Text;
using Banking.Accounts;
using Banking.Events;
using Banking.Streaming.Log;

namespace Banking.Benchmarks.Sink;

/// <summary>Deposits over HTTP as the silo writes them to the log, the same ones every time.</summary>
internal sealed class DepositEvents(int count)
{
    public const string Prefix = "load-";
    private const int Accounts = 5_000;
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly RequestOrigin Origin = new()
    {
        Host = "127.0.0.1:5000",
        ContentType = "application/json",
        ContentLength = "17",
    };

    /// <summary>Appends all, and returns them as a stream delivers them.</summary>
    public async Task<List<LogRecordBatch>> AppendAsync(IPartitionedLog log, int batchRecords, CancellationToken cancellationToken)
    {
        foreach (var chunk in Records().Chunk(batchRecords)) await log.AppendAsync(0, chunk, cancellationToken);
        var batches = new List<LogRecordBatch>();
        await using var reader = await log.OpenReaderAsync(0, 0, cancellationToken);
        while (await reader.ReadAsync(batchRecords, cancellationToken) is { Count: > 0 } records)
        {
            batches.Add(new LogRecordBatch(0, records));
        }
        return batches;
    }

    public async Task WriteLinesAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path, 1 << 18);
        foreach (var record in Records())
        {
            await file.WriteAsync(record.Value, cancellationToken);
            file.WriteByte((byte)'\n');
        }
    }

    private IEnumerable<NewLogRecord> Records()
    {
        var random = new Random(1);
        var cash = new decimal[Accounts];
        for (var i = 0; i < count; i++)
        {
            var account = i % Accounts;
            var amount = random.Next(1, 100_000) / 100m;
            cash[account] += amount;
            yield return Record(i, $"{Prefix}019d2b6f8c7a7def8a61-{account}", amount, cash[account]);
        }
    }

    private static NewLogRecord Record(int number, string account, decimal amount, decimal cash)
    {
        var time = Start.AddMilliseconds(number / 10);
        var sequence = 1 + (number / Accounts);
        var value = new ArrayBufferWriter<byte>(512);
        GameEventJson.Write(
            new GameEvent
            {
                EventType = Deposit.EventType,
                Description = FormattableString.Invariant($"{account} {amount}"),
                Origin = Origin,
                EventId = FormattableString.Invariant($"account/{account}/{sequence}"),
                AccountId = account,
                SequenceNumber = sequence,
                ActionId = Guid.CreateVersion7(time).ToString(),
                OccurredAt = time,
                Amount = amount,
                CashBalance = cash,
            },
            value);
        return new NewLogRecord(Encoding.UTF8.GetBytes(account), value.WrittenMemory, []);
    }
}

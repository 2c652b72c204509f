using Banking.Accounts;
using Banking.Events;
using Banking.Streaming.Log;

namespace Banking.Silo.Recovery;

/// <summary>One reading of the log's partitions in parallel, each from an offset to the end that it had when the check began.</summary>
internal sealed class LogPass(IPartitionedLog log, AccountStore store, AccountOptions options, string bank)
{
    private const int RecordsAtOnce = 4_096;

    /// <summary>
    /// Roughly how many bytes of accounts' records may be in memory, over all partitions that are read at once. Beyond that they are
    /// written, and read again when more of their events come.
    /// </summary>
    public const long MemoryBudget = 384L << 20;

    /// <param name="ranges">For each partition the first offset to read and the one to stop before.</param>
    /// <param name="only">Accounts to look at; null for all.</param>
    public Task RunAsync(
        IReadOnlyList<(int Partition, long From, long End)> ranges, IReadOnlySet<string>? only, IntakeTotals totals,
        CancellationToken cancellationToken)
    {
        var degree = Math.Clamp(Math.Min(Environment.ProcessorCount, ranges.Count), 1, 8);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = degree, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(ranges, parallel, async (range, token) =>
        {
            var intake = new AccountIntake(store, totals, options, only, MemoryBudget / degree);
            await ReadAsync(range.Partition, range.From, range.End, intake, only is not null, token);
            await intake.FlushAsync(token);
        });
    }

    private async Task ReadAsync(
        int partition, long from, long end, AccountIntake intake, bool isSearch, CancellationToken cancellationToken)
    {
        if (from >= end) return;
        await using var reader = await log.OpenReaderAsync(partition, from, cancellationToken);
        var events = new List<FoundEvent>(RecordsAtOnce);
        var place = new EventPartition(log.LogId, partition);

        // For records from before the bank signed them, their form is the only evidence. Later that could be forged by anybody who writes
        // to the log. But an event that an account is known to lack is searched for in both kinds.
        var takesUnsigned = true;
        for (var at = from; at < end; at = Math.Max(at, reader.NextOffset))
        {
            var records = await reader.ReadAsync(RecordsAtOnce, cancellationToken);
            if (records.Count == 0) break;
            events.Clear();
            for (var i = 0; i < records.Count; i++)
            {
                var record = records[i];
                var owner = RecordedEvents.Read(record, bank, out var happened, out var source);
                if (owner == RecordOwner.Ours) takesUnsigned = isSearch;
                if (owner == RecordOwner.Other || (owner == RecordOwner.Unsigned && !takesUnsigned)) continue;
                if (place.FirstNumber != source.FirstNumber) place = place with { FirstNumber = source.FirstNumber };
                events.Add(new FoundEvent(happened!, place));
            }

            at = records[^1].Offset + 1;
            await intake.TakeAsync(events, cancellationToken);
        }
    }
}

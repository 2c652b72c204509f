using Banking.Sink.Chains;
using Banking.Sink.Evidence;
using Banking.Sink.Files;
using Banking.Sink.Sequences;
using Banking.Sink.Tables;
using Banking.Sink.Writers;
using Banking.Streaming;

namespace Banking.Sink.Partitions;

/// <summary>Finds out, from the lake and the log, where a partition's writers go on.</summary>
internal static class PartitionRecovery
{
    // Staged files of dead owners are removed when they are this old. Removing a living owner's does no harm: its commit fails and is tried again.
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    /// <exception cref="Identity.LakeOfAnotherBankException">See there.</exception>
    /// <exception cref="Identity.LakeIdentityException">See there.</exception>
    /// <exception cref="LakeAheadOfLogException">See there.</exception>
    /// <exception cref="LostOffsetsException">See there.</exception>
    /// <exception cref="LogDivergedException">See there.</exception>
    public static async Task<RecoveredPartition> OpenAsync(
        PartitionServices services, ChainId chain, CancellationToken cancellationToken)
    {
        await services.Ownership.CheckAsync(cancellationToken);
        await RemoveStaleAsync(services, chain, cancellationToken);
        var owner = Guid.NewGuid().ToString("N");
        var chains = LakeTables.All
            .Select(table => new TableChain(services.Store, services.Encoder, table, chain, owner, services.Time))
            .ToArray();
        var tails = await Task.WhenAll(chains.Select(c => c.FindTailAsync(cancellationToken)));
        var marks = await ReadMarksAsync(chains, tails, cancellationToken);
        var next = await FindNextOffsetAsync(services, chain, tails, marks, cancellationToken);
        var writers = new List<TableWriter>();
        foreach (var (table, tail) in chains.Zip(tails))
        {
            var sequences = new SequenceStore(services.Store, table, owner);
            var map = await sequences.LoadAsync(tail, cancellationToken);
            writers.Add(new TableWriter(table, sequences, map, tail, RollPolicy.From(services.Options), services.Metrics, services.Time, services.Logger));
        }

        return new RecoveredPartition(writers, next, marks.Count == 0 ? null : marks.MaxBy(mark => mark.Offset));
    }

    /// <summary>The newest records that the lake has looked at, one of each table that has any: with what one owner sealed last, all before it agrees.</summary>
    private static async Task<List<RecordMark>> ReadMarksAsync(TableChain[] chains, ChainTail[] tails, CancellationToken cancellationToken)
    {
        var marks = new List<RecordMark>();
        foreach (var (table, tail) in chains.Zip(tails))
        {
            var mark = tail.Newest?.Evidence?.Mark ?? await table.ReadLastRowAsync(tail, cancellationToken);
            if (mark is { } known) marks.Add(known);
        }

        return marks;
    }

    private static async Task<long> FindNextOffsetAsync(
        PartitionServices services, ChainId chain, ChainTail[] tails, List<RecordMark> marks, CancellationToken cancellationToken)
    {
        var committed = await services.Log.GetCommittedAsync(services.Options.Group, chain.Partition, cancellationToken);
        var bounds = await services.Log.GetBoundsAsync(chain.Partition, cancellationToken);
        var lakeNext = tails.Max(tail => tail.NextStart);
        if (lakeNext > bounds.Next) throw new LakeAheadOfLogException(chain, lakeNext, bounds.Next);
        foreach (var mark in marks) await LogComparison.CheckAsync(services.Log, chain, mark, cancellationToken);
        var durable = StartPoint.FindDurable(LakeTables.All.Zip(tails).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal));
        var start = StartPoint.Find(tails, durable, committed, bounds.First, services.Options.UnreadablePolicy == FailurePolicy.DeadLetter);
        LostOffsets.Accept(services, chain, start.Lost);
        LostOffsets.Doubt(services, chain, start.Doubtful);
        return start.Next;
    }

    private static async Task RemoveStaleAsync(PartitionServices services, ChainId chain, CancellationToken cancellationToken)
    {
        var folder = LakePath.StagedFolder(chain);
        var oldest = services.Time.GetUtcNow() - StaleAfter;
        await foreach (var entry in services.Store.ListAsync(folder, cancellationToken))
        {
            if (!entry.IsFolder && entry.Modified < oldest) await services.Store.DeleteAsync($"{folder}/{entry.Name}", cancellationToken);
        }
    }
}

using Banking.Lake.Chains;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Identity;
using Banking.Lake.Sequences;
using Banking.Lake.Tables;
using Banking.Sink.Writers;
using Banking.Streaming;
using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

/// <summary>Finds out, from the lake and the log, where a partition's writers go on.</summary>
internal static class PartitionRecovery
{
    // Staged files of dead owners are removed when they are this old. Removing a living owner's does no harm: its commit fails and is
    // tried again.
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    /// <exception cref="LakeOfAnotherBankException">See there.</exception>
    /// <exception cref="LakeIdentityException">See there.</exception>
    /// <exception cref="LakeAheadOfLogException">See there.</exception>
    /// <exception cref="LostOffsetsException">See there.</exception>
    /// <exception cref="LogDivergedException">See there.</exception>
    public static async Task<RecoveredPartition> OpenAsync(
        PartitionServices services, ChainId chain, CancellationToken cancellationToken)
    {
        await services.Ownership.CheckAsync(cancellationToken);
        var owner = Guid.NewGuid().ToString("N");
        var epoch = await FindEpochAsync(services, chain, cancellationToken);
        await RemoveStaleAsync(services, epoch.Of(chain), cancellationToken);
        var stand = await LakeStand.ReadAsync(services, chain, epoch, owner, cancellationToken);
        var next = await FindNextOffsetAsync(services, chain, stand, cancellationToken);
        var writers = new List<TableWriter>();
        foreach (var (table, tail) in stand.Chains.Zip(stand.Tails))
        {
            var sequences = new SequenceStore(services.Store, table, owner);
            var map = await sequences.LoadAsync(tail, IsMine, cancellationToken);
            writers.Add(
                new TableWriter(
                    table, sequences, map, tail, RollPolicy.From(services.Options), services.Metrics, services.Time, services.Logger));
        }

        return new RecoveredPartition(writers, next, stand.Marks.Count == 0 ? null : stand.Marks.MaxBy(mark => mark.Offset));

        // Also those that come when the log's growth is noticed.
        bool IsMine(ReadOnlySpan<byte> account) =>
            Murmur2.Partition(account, services.Log.PartitionCount) == chain.Partition
                || Murmur2.Partition(account, services.Log.LatestPartitionCount) == chain.Partition;
    }

    /// <param name="chain">The log's partition, whatever epoch it is in.</param>
    public static TableChain OpenChain(PartitionServices services, LakeTable table, ChainId chain, ChainEpoch epoch, string owner) =>
        new(services.Store, services.Encoder, table, epoch.Of(chain), owner, services.Time, epoch.StartOf(table.Name));

    private static async Task<ChainEpoch> FindEpochAsync(PartitionServices services, ChainId chain, CancellationToken cancellationToken)
    {
        try
        {
            return await ChainEpoch.FindAsync(services.Store, chain, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new LakeIdentityException(e.Message);
        }
    }

    private static async Task<long> FindNextOffsetAsync(
        PartitionServices services, ChainId chain, LakeStand stand, CancellationToken cancellationToken)
    {
        var committed = await services.Log.GetCommittedAsync(services.Options.Group, chain.Partition, cancellationToken);
        var bounds = await services.Log.GetBoundsAsync(chain.Partition, cancellationToken);
        if (await stand.FindContradictionAsync(services.Log, chain, cancellationToken) is { } contradiction) throw contradiction;
        var hasLetters = services.Options.UnreadablePolicy == FailurePolicy.DeadLetter;
        var start = StartPoint.Find(stand.Tails, stand.Durable, committed, bounds.First, hasLetters);
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

/// <summary>Where a partition goes on.</summary>
/// <param name="Newest">The newest record that the lake says it has looked at; null if it has looked at none.</param>
internal sealed record RecoveredPartition(IReadOnlyList<TableWriter> Writers, long NextOffset, RecordMark? Newest);

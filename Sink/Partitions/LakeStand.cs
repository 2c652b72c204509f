using Banking.Lake.Chains;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

/// <summary>How far the lake is with a partition, and what it knows of the log.</summary>
/// <param name="Marks">The newest records that the lake has looked at, one of each table that has any: with what one owner sealed last,
/// all before it agrees.</param>
internal sealed record LakeStand(ChainEpoch Epoch, TableChain[] Chains, ChainTail[] Tails, IReadOnlyList<RecordMark> Marks)
{
    /// <summary>The offset behind the last that a table covers.</summary>
    public long Next => Tails.Max(tail => tail.NextStart);

    /// <summary>The furthest offset that a file's evidence says everything is durable below; null if none says so.</summary>
    public long? Durable => StartPoint.FindDurable(
        Chains.Zip(Tails).ToDictionary(pair => pair.First.Table.Name, pair => pair.Second, StringComparer.Ordinal));

    /// <summary>For somebody who only looks.</summary>
    /// <param name="chain">The log's partition, whatever epoch it is in.</param>
    /// <exception cref="InvalidDataException">The epochs' file can't be read.</exception>
    public static async Task<LakeStand> ReadAsync(PartitionServices services, ChainId chain, CancellationToken cancellationToken)
    {
        var epoch = await ChainEpoch.FindAsync(services.Store, chain, cancellationToken);
        return await ReadAsync(services, chain, epoch, Guid.NewGuid().ToString("N"), cancellationToken);
    }

    /// <param name="owner">Who writes the chains' next files.</param>
    public static async Task<LakeStand> ReadAsync(
        PartitionServices services, ChainId chain, ChainEpoch epoch, string owner, CancellationToken cancellationToken)
    {
        var chains = LakeTables.All.Select(table => PartitionRecovery.OpenChain(services, table, chain, epoch, owner)).ToArray();
        var tails = await Task.WhenAll(chains.Select(c => c.FindTailAsync(cancellationToken)));
        var marks = new List<RecordMark>();
        foreach (var (table, tail) in chains.Zip(tails))
        {
            if (await table.ReadMarkAsync(tail, cancellationToken) is { } mark) marks.Add(mark);
        }

        return new LakeStand(epoch, chains, tails, marks);
    }

    /// <returns>What the log lacks that the lake has looked at; null if nothing.</returns>
    public async Task<LakeRefusalException?> FindContradictionAsync(IPartitionedLog log, ChainId chain, CancellationToken cancellationToken)
    {
        var bounds = await log.GetBoundsAsync(chain.Partition, cancellationToken);
        if (Next > bounds.Next) return new LakeAheadOfLogException(chain, Next, bounds.Next);
        foreach (var mark in Marks)
        {
            if (await LogComparison.CompareAsync(log, chain, mark, cancellationToken) is { } divergence) return divergence;
        }

        return null;
    }
}

/// <summary>
/// The lake says that records are in it which the log does not have: the log lost its end, or is another one under the same id.
/// Going on would drop new records as known ones.
/// </summary>
public sealed class LakeAheadOfLogException(ChainId chain, long lakeNext, long logNext)
    : LakeRefusalException($"The lake covers {chain} up to offset {lakeNext - 1}, but the log ends at {logNext - 1}. "
        + "The log lost its end, or an older copy of it was put back. Nothing is written until the log, or the lake, is the right one; "
        + "'Client repair' says what is missing and how to go on.");

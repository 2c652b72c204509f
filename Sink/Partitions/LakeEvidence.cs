using Banking.Lake;
using Banking.Lake.Chains;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Sink.Partitions;

/// <inheritdoc cref="ILakeEvidence" />
internal sealed class LakeEvidence(PartitionServices services) : ILakeEvidence
{
    public async Task<string?> FindContradictionAsync(CancellationToken cancellationToken)
    {
        var partitions = Enumerable.Range(0, services.Log.LatestPartitionCount);
        var found = await Task.WhenAll(partitions.Select(partition => FindAsync(partition, cancellationToken)));
        return Array.Find(found, refusal => refusal is not null)?.Message;
    }

    public async Task<long> FindEndAsync(string log, int partition, CancellationToken cancellationToken)
    {
        var stand = await LakeStand.ReadAsync(services, new ChainId(log, partition), cancellationToken);
        return Math.Max(stand.Durable ?? 0, stand.Tails.Min(tail => tail.NextStart));
    }

    public async Task<IReadOnlyList<string>> FindClosedChainsAsync(CancellationToken cancellationToken)
    {
        var open = new HashSet<ChainId>();
        for (var partition = 0; partition < services.Log.LatestPartitionCount; partition++)
        {
            var chain = new ChainId(services.Log.LogId, partition);
            open.Add((await ChainEpoch.FindAsync(services.Store, chain, cancellationToken)).Of(chain));
        }

        var closed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in LakeTables.All)
        {
            var chains = await OtherChains.FindAllAsync(services.Store, table, cancellationToken);
            closed.UnionWith(chains.Except(open).Select(chain => chain.ToString()));
        }

        return [.. closed];
    }

    private async Task<LakeRefusalException?> FindAsync(int partition, CancellationToken cancellationToken)
    {
        var chain = new ChainId(services.Log.LogId, partition);
        var stand = await LakeStand.ReadAsync(services, chain, cancellationToken);
        return await stand.FindContradictionAsync(services.Log, chain, cancellationToken);
    }
}

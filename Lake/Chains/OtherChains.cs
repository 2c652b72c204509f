using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Lake.Chains;

/// <summary>
/// Finds the chains of a table whose events may come again in another chain: those of other logs, and those of this log before it was
/// repaired.
/// </summary>
internal static class OtherChains
{
    public static async Task<IReadOnlyCollection<ChainId>> FindAsync(
        ILakeStore store, LakeTable table, ChainId own, CancellationToken cancellationToken)
    {
        var found = await FindAllAsync(store, table, cancellationToken);
        found.RemoveWhere(chain => chain.LogId == own.LogId);
        return found;
    }

    /// <summary>All chains of a table.</summary>
    public static async Task<HashSet<ChainId>> FindAllAsync(ILakeStore store, LakeTable table, CancellationToken cancellationToken)
    {
        var found = new HashSet<ChainId>();
        foreach (var folder in new[] { LakePath.ClaimFolder(table), LakePath.SequenceFolder(table) })
        {
            await foreach (var entry in store.ListAsync(folder, cancellationToken))
            {
                if (entry.IsFolder && ChainId.TryParse(entry.Name, out var chain)) found.Add(chain);
            }
        }

        // Claims and saves are shortcuts: if somebody removed them, the names of the files tell the chains.
        if (found.Count == 0) await AddFromFilesAsync(store, table, found, cancellationToken);
        return found;
    }

    private static async Task AddFromFilesAsync(
        ILakeStore store, LakeTable table, HashSet<ChainId> found, CancellationToken cancellationToken)
    {
        await foreach (var day in store.ListAsync(table.Name, cancellationToken))
        {
            if (!day.IsFolder) continue;
            await foreach (var file in store.ListAsync($"{table.Name}/{day.Name}", cancellationToken))
            {
                if (LakePath.TryParseFile(file.Name, out var chain, out _)) found.Add(chain);
            }
        }
    }
}

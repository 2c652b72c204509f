using Banking.Sink.Catalog;
using Banking.Sink.Store;
using Banking.Sink.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// Merges a day's files into a new folder beside them. Changes nothing that a query sees, so it may be given up at any time; what is left of it the next one removes. Two at once
/// do no harm: <see cref="DayShelf"/> takes one of the drafts, and none that lacks a part.
/// </summary>
/// <param name="rowsDone">Is told how many rows were written since it was last told.</param>
internal sealed class DayCompaction(ILakeStore store, ILakeCatalog catalog, CompactionOptions options, TimeProvider time, Action<long> rowsDone)
{
    private readonly ManifestBook _manifests = new(store);
    private readonly DayShelf _shelf = new(store, catalog, time);

    /// <returns>Null if the day has no files.</returns>
    /// <exception cref="DayNotCompactableException">The day's folder holds what is not ours, or lacks what is; or the day's manifests are lost.</exception>
    public async Task<DayDraft?> RunAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        var view = await _shelf.ViewAsync(table, day, cancellationToken);
        if (view.ProblemOf(await catalog.GetPartitionAsync(table, day, cancellationToken)) is { } problem) throw new DayNotCompactableException(problem);
        var (basis, from) = (view.Manifest, view.Folder);
        var files = await DayListing.ReadAsync(store, from, cancellationToken);
        Check(from, files, basis);

        // Only now: where what is to be merged is not whole, a newer folder may be the day.
        await RemoveRestsAsync(table, day, view.Generation, cancellationToken);
        if (files.Count == 0) return null;
        var generation = view.Generation + 1;
        var draft = Guid.NewGuid();
        var folder = CompactionPath.GenerationFolder(table, day, generation, draft);
        var merge = new DayMerge(store, options, time, rowsDone);
        var (parts, through) = await merge.RunAsync(table, day, [.. files.Select(file => $"{from}/{file.Name}")], folder, cancellationToken);
        foreach (var (chain, end) in basis?.Through ?? new Dictionary<string, long>()) through[chain] = Math.Max(end, through.GetValueOrDefault(chain, -1));
        var manifest = new DayManifest(generation, folder, parts.Sum(part => part.Rows), through, parts, time.GetUtcNow());
        await _manifests.StageDraftAsync(manifest, cancellationToken);
        return new DayDraft(table, day, view.Generation, draft, manifest, files.Count, files.Sum(file => file.Length));
    }

    // Only what the parts account for may be switched away from: a file that somebody else put there would be lost to queries.
    private static void Check(string folder, List<DayFile> files, DayManifest? basis)
    {
        var parts = basis?.Parts.Select(part => part.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var file in files.Where(file => file.Chain is null))
        {
            if (!parts.Remove(file.Name)) throw new DayNotCompactableException($"{folder}/{file.Name} is not the sink's file: the day is left as it is.");
        }

        if (parts.Count > 0) throw new DayNotCompactableException($"{folder} lacks {parts.First()}: the day is left as it is.");
    }

    // What compactions left that ended before their switch.
    private async Task RemoveRestsAsync(LakeTable table, DateOnly day, long newest, CancellationToken cancellationToken)
    {
        var folder = CompactionPath.DayFolder(table, day);
        await foreach (var entry in store.ListAsync(folder, cancellationToken))
        {
            if (entry.IsFolder && CompactionPath.TryParseGenerationFolder(entry.Name, out var generation) && generation > newest)
            {
                await store.DeleteFolderAsync($"{folder}/{entry.Name}", cancellationToken);
            }
        }
    }
}

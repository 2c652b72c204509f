using Banking.Lake.Catalog;
using Banking.Lake.Days;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Settings;

namespace Banking.Sink.Compaction;

/// <summary>
/// Merges a day's files into a new folder beside them. It changes nothing that a query sees, so it may be cancelled at any time; what is
/// left of it is removed when the day is switched to another draft. Two at once do no harm: <see cref="DayShelf"/> takes one of the drafts,
/// and neither touches the other's.
/// </summary>
/// <param name="catalog">Null if queries go by the manifests alone.</param>
/// <param name="rowsDone">Called with the number of rows written since the last call.</param>
internal sealed class DayCompaction(
    ILakeStore store, ILakeCatalog? catalog, CompactionOptions options, TimeProvider time, Action<long> rowsDone)
{
    private readonly ManifestBook _manifests = new(store);
    private readonly DayShelf _shelf = new(store, catalog, time);

    /// <returns>Null if the day has no files.</returns>
    /// <exception cref="DayNotCompactableException">The day's folder holds foreign files or lacks files of ours, or the day's manifests are
    /// lost.</exception>
    public async Task<DayDraft?> RunAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        var view = await _shelf.ViewAsync(table, day, cancellationToken);
        var partition = catalog is null ? null : await catalog.GetPartitionAsync(table, day, cancellationToken);
        if (view.ProblemOf(partition) is { } problem) throw new DayNotCompactableException(problem);
        var (basis, from) = (view.Manifest, view.Folder);
        var files = await DayListing.ReadAsync(store, from, cancellationToken);
        Check(from, files, basis);
        if (files.Count == 0) return null;
        var draft = Guid.NewGuid();
        var folder = CompactionPath.GenerationFolder(table, day, view.Generation + 1, draft);
        try
        {
            var manifest = await MergeAsync(view, files, folder, cancellationToken);
            return new DayDraft(table, day, view.Generation, draft, manifest, files.Count, files.Sum(file => file.Length));
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            // The compaction would fail like this every hour, and leave a folder each time.
            await store.DiscardFolderAsync(folder, time);
            throw;
        }
    }

    private async Task<DayManifest> MergeAsync(DayView view, List<DayFile> files, string folder, CancellationToken cancellationToken)
    {
        var merge = new DayMerge(store, options, time, rowsDone);
        var (parts, through) = await merge.RunAsync(
            view.Table, view.Day, [.. files.Select(file => $"{view.Folder}/{file.Name}")], folder, cancellationToken);
        foreach (var (chain, end) in view.Manifest?.Through ?? new Dictionary<string, long>())
            through[chain] = Math.Max(end, through.GetValueOrDefault(chain, -1));
        var manifest = new DayManifest(view.Generation + 1, folder, parts.Sum(part => part.Rows), through, parts, time.GetUtcNow());
        await _manifests.StageDraftAsync(manifest, cancellationToken);
        return manifest;
    }

    // A folder may be switched away from only if the parts account for all of its files: one that somebody else put there would be lost to
    // queries.
    private static void Check(string folder, List<DayFile> files, DayManifest? basis)
    {
        var parts = basis?.Parts.Select(part => part.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var file in files.Where(file => file.Chain is null))
        {
            if (!parts.Remove(file.Name))
            {
                throw new DayNotCompactableException($"{folder}/{file.Name} is not the sink's file: the day is left as it is.");
            }
        }

        if (parts.Count > 0) throw new DayNotCompactableException($"{folder} lacks {parts.First()}: the day is left as it is.");
    }
}

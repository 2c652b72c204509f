using Banking.Lake;
using Banking.Lake.Catalog;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// Compares what a catalog says about a table's days with what the lake says, and corrects the catalog: a day is the newest manifest's
/// folder with its late files, or the sink's own folder. The lake's word on a day is read again when the token of one of the day's folders
/// has changed, or if the store has no tokens. The catalog's word is read every time. Not thread-safe.
/// </summary>
/// <param name="catalog">Null if queries go by the manifests alone; then only late files have to be copied to the folders that these
/// name.</param>
internal sealed class CompactedDays(ILakeStore store, ILakeCatalog? catalog, TimeProvider time)
{
    private static readonly IReadOnlyDictionary<DateOnly, LakePartition> None = new Dictionary<DateOnly, LakePartition>();

    private readonly DayShelf _shelf = new(store, catalog, time);
    private readonly ManifestBook _manifests = new(store);
    private readonly Dictionary<LakeDay, (FolderTokens Tokens, int Looks, DayView View)> _seen = [];

    /// <summary>Whether a day is known to be compacted, so that a new file of it is not visible by itself.</summary>
    public bool Holds(LakeDay day) => _seen.TryGetValue(day, out var seen) && seen.View.Manifest is not null;

    /// <summary>Compares all days of a table, and corrects those that differ.</summary>
    /// <param name="own">The tokens of the sink's own folders, read before this call.</param>
    /// <exception cref="IOException">The lake or the catalog is unavailable.</exception>
    public async Task<CatalogComparison> CompareAsync(
        LakeTable table, IReadOnlyDictionary<DateOnly, string?> own, CancellationToken cancellationToken)
    {
        var manifests = await _manifests.ListDayTokensAsync(table, cancellationToken);
        var partitions = catalog is null ? None : await catalog.ListPartitionsAsync(table, cancellationToken);
        var result = new CatalogComparison();
        var places = new List<PartitionPlace>();
        var moved = partitions.Where(
            partition =>
                CompactionPath.TryParseGeneration(partition.Value.Folder, table, partition.Key, out _)).Select(partition => partition.Key);
        foreach (var day in own.Keys.Union(manifests.Keys).Union(moved).Order())
        {
            var tokens = new FolderTokens(
                own.GetValueOrDefault(day, FolderTokens.None), manifests.GetValueOrDefault(day, FolderTokens.None));
            try
            {
                await CompareAsync(table, day, tokens, partitions.GetValueOrDefault(day), places, result, cancellationToken);
            }
            catch (InvalidDataException e)
            {
                result.Hold(day, $"{table.Name} of {LakePath.Day(day)} is left as it is: {e.Message}");
            }
            catch (Exception e) when (e is DayNotCompactableException or CatalogException { IsAway: false })
            {
                // The problem concerns only this day, which is soon tried again; the others are not affected.
                result.Fail(day, e);
            }
        }

        await RegisterAsync(table, places, result, cancellationToken);
        return result;
    }

    /// <summary>See <see cref="DayShelf.SwitchAsync"/>.</summary>
    public Task<bool> SwitchAsync(DayDraft draft, CancellationToken cancellationToken)
    {
        // If this fails half-way, the next comparison finishes it.
        _seen.Remove(new LakeDay(draft.Table.Name, draft.Day));
        return _shelf.SwitchAsync(draft, cancellationToken);
    }

    private async Task CompareAsync(
        LakeTable table,
        DateOnly day,
        FolderTokens tokens,
        LakePartition? partition,
        List<PartitionPlace> places,
        CatalogComparison result,
        CancellationToken cancellationToken)
    {
        var key = new LakeDay(table.Name, day);
        var known = _seen.TryGetValue(key, out var seen) && seen.Tokens == tokens && tokens.AreKnown;

        // A changed folder is looked at twice, as it may change again within the tick that its token names. And the catalog may read
        // something newer than what was read here.
        var looks = known ? seen.Looks : 0;
        var isNew = looks < 2 || (partition is not null && seen.View.IsBehind(partition));
        var view = isNew ? await _shelf.ViewAsync(table, day, cancellationToken) : seen.View;
        var isOpened = isNew && tokens.Manifests != FolderTokens.None;
        if (partition is not null && view.IsBehind(partition))
        {
            (view, partition) = await _shelf.SettleNewerAsync(view, partition, cancellationToken);
        }
        if (view.ProblemOf(partition) is { } problem)
        {
            result.Hold(day, problem);
            return;
        }

        if (catalog is null)
        {
            if (isOpened) await _shelf.PrepareAsync(view, cancellationToken);
            result.Right(day, moved: false);
        }
        else if (partition is null) places.Add(await _shelf.PrepareAsync(view, cancellationToken));
        else if (isOpened || partition.Folder != view.Folder || !IsMarked(view, partition)) await _shelf.PublishAsync(
            view, partition, cancellationToken);
        if (partition is not null) result.Right(day, moved: partition.Folder != view.Folder);
        _seen[key] = (tokens, Math.Min(2, looks + 1), view);
    }

    // If somebody else was quicker, the place they registered is corrected at once.
    private async Task RegisterAsync(
        LakeTable table, List<PartitionPlace> places, CatalogComparison result, CancellationToken cancellationToken)
    {
        if (catalog is null || places.Count == 0) return;
        await catalog.AddPartitionsAsync(table, places, cancellationToken);
        foreach (var place in places) result.Registered(place.Day);
        if (!places.Exists(place => place.Parameters.Count > 0)) return;
        var partitions = await catalog.ListPartitionsAsync(table, cancellationToken);
        foreach (var place in places.Where(place => partitions.GetValueOrDefault(place.Day)?.Folder != place.Folder))
        {
            result.Fail(
                place.Day,
                new CatalogException(
                    $"{table.Name} of {LakePath.Day(place.Day)} is not registered at {place.Folder}, though it was just now."));
        }
    }

    private bool IsMarked(DayView view, LakePartition partition) =>
        view.Manifest is null || DayPlacement.IsMarked(partition.Parameters, time.GetUtcNow());

    /// <summary>The change tokens of a day's own folder and of its manifests' folder; null if the store can't tell.</summary>
    private readonly record struct FolderTokens(string? Own, string? Manifests)
    {
        /// <summary>Means that there is no such folder.</summary>
        public const string None = "";

        public bool AreKnown => Own is not null && Manifests is not null;
    }
}

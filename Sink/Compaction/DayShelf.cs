using Banking.Lake.Catalog;
using Banking.Lake.Chains;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// Decides which folder queries read for a compacted day: commits the manifest, moves the partition, and copies late files to where the
/// partition is. Without a catalog, committing the manifest is the whole switch. All of it may be repeated after any failure, and then goes
/// on from what exists. It is meant for use from one place, the catalog's grain: with two at once, the partition might for a while be where
/// the older of two manifests says.
/// </summary>
/// <param name="catalog">Null if queries go by the manifests alone.</param>
internal sealed class DayShelf(ILakeStore store, ILakeCatalog? catalog, TimeProvider time)
{
    private readonly ManifestBook _manifests = new(store);
    private readonly LateFileCopy _late = new(store);
    private readonly DaySeal _seal = new(store, time);

    /// <summary>What the lake says about a day.</summary>
    /// <exception cref="InvalidDataException">The newest manifest can't be read.</exception>
    public async Task<DayView> ViewAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        var manifest = await _manifests.NewestAsync(table, day, cancellationToken);
        return new DayView(table, day, manifest, manifest is null && await CleanedMark.IsThereAsync(store, table, day, cancellationToken));
    }

    /// <summary>Makes a day complete for queries, and moves its partition to where the lake says.</summary>
    /// <returns>False if the day was never compacted, or its manifests are lost.</returns>
    public async Task<bool> PublishAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        var view = await ViewAsync(table, day, cancellationToken);
        var partition = catalog is null ? null : await catalog.GetPartitionAsync(table, day, cancellationToken);
        if (view.ProblemOf(partition) is { } problem) throw new InvalidDataException(problem);
        if (view.Manifest is null && partition is null)
        {
            await _seal.OpenAsync(table, day, cancellationToken);
            return false;
        }

        if (partition is null) await MoveAsync(view, await PrepareAsync(view, cancellationToken), cancellationToken);
        else await PublishAsync(view, partition, cancellationToken);
        return view.Manifest is not null;
    }

    /// <summary>The same for a day that the catalog has and the lake has no problem with.</summary>
    public async Task PublishAsync(DayView view, LakePartition partition, CancellationToken cancellationToken)
    {
        var (table, day) = (view.Table, view.Day);
        if (partition.Folder == view.Folder)
        {
            await _seal.OpenAsync(table, day, cancellationToken);
            if (view.Manifest is null) return;
            await _late.RunAsync(table, day, view.Manifest, cancellationToken);
            if (!DayPlacement.IsMarked(partition.Parameters, time.GetUtcNow())) await MoveAsync(view, PlaceOf(view), cancellationToken);
            return;
        }

        var place = await PrepareAsync(view, cancellationToken);
        await SealedAsync(table, day, view.Manifest is not null && partition.Folder == LakePath.DayFolder(table, day), async () =>
        {
            if (view.Manifest is not null) await _late.RunAsync(table, day, view.Manifest, cancellationToken);
            await MoveAsync(view, place, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Completes the folder where a day is to be registered.</summary>
    /// <exception cref="InvalidDataException">A part of it is missing.</exception>
    public async Task<PartitionPlace> PrepareAsync(DayView view, CancellationToken cancellationToken)
    {
        // A process that died before the switch may have left the seal.
        await _seal.OpenAsync(view.Table, view.Day, cancellationToken);
        if (view.Manifest is { } manifest)
        {
            await CheckPartsAsync(manifest, cancellationToken);
            await _late.RunAsync(view.Table, view.Day, manifest, cancellationToken);
        }

        return PlaceOf(view);
    }

    /// <summary>
    /// Looks into a generation that the catalog reads and no manifest names. If its folder is gone, the catalog is newer than the lake and
    /// the lake's word counts: the partition is then treated as one without a place. If the folder exists with its own manifest and all its
    /// parts, the lake's manifest was lost and is made again. This is safe, as only a generation that was switched to is ever registered.
    /// </summary>
    public async Task<(DayView View, LakePartition Partition)> SettleNewerAsync(
        DayView view, LakePartition partition, CancellationToken cancellationToken)
    {
        var folder = partition.Folder!;
        var isThere = false;
        await foreach (var entry in store.ListAsync(folder, cancellationToken)) isThere |= !entry.IsFolder;
        if (!isThere) return (view, partition with { Folder = null });
        if (await _manifests.DraftAsync(view.Table, view.Day, folder, cancellationToken) is not { } manifest) return (view, partition);
        await CheckPartsAsync(manifest, cancellationToken);
        await _manifests.CommitAsync(view.Table, view.Day, manifest, cancellationToken);
        return (await ViewAsync(view.Table, view.Day, cancellationToken), partition);
    }

    /// <summary>Switches a day to a draft's folder.</summary>
    /// <returns>False if another process has switched the day since the draft was begun.</returns>
    /// <exception cref="InvalidDataException">The draft's folder is incomplete; nothing was switched.</exception>
    /// <exception cref="DayNotCompactableException">A file of the day is on its way; nothing was switched.</exception>
    /// <remarks>After another exception the outcome is unknown, and <see cref="PublishAsync(LakeTable, DateOnly, CancellationToken)"/>
    /// finishes what was begun.</remarks>
    public async Task<bool> SwitchAsync(DayDraft draft, CancellationToken cancellationToken)
    {
        var (table, day, manifest) = (draft.Table, draft.Day, draft.Manifest);
        var newest = await _manifests.NewestAsync(table, day, cancellationToken);
        if (newest?.Folder == manifest.Folder) return await PublishAsync(table, day, cancellationToken);
        if ((newest?.Generation ?? 0) != draft.Basis) return await GiveUpAsync(draft, newest, cancellationToken);
        await CheckPartsAsync(manifest, cancellationToken);

        // First the files that came while the day was merged. Then, when no more can come unnoticed, those that came while the first were
        // copied.
        await _late.RunAsync(table, day, manifest, cancellationToken);
        var won = false;
        await SealedAsync(table, day, draft.Basis == 0, async () =>
        {
            await _late.RunAsync(table, day, manifest, cancellationToken);
            won = await _manifests.CommitAsync(table, day, manifest, cancellationToken);
            var view = new DayView(table, day, manifest, false);
            if (won) await MoveAsync(view, PlaceOf(view), cancellationToken);
        }, cancellationToken);
        if (!won) return await GiveUpAsync(draft, await _manifests.NewestAsync(table, day, cancellationToken), cancellationToken);
        await RemoveLosersAsync(table, day, manifest, cancellationToken);
        return true;
    }

    private PartitionPlace PlaceOf(DayView view) => new(
        view.Day, view.Folder, view.Manifest is null
            ? new Dictionary<string, string>()
            : DayPlacement.Parameters(view.Generation, time.GetUtcNow()));

    // If queries read the sink's own folder, a file is visible to them before anybody here knows about it.
    private async Task SealedAsync(LakeTable table, DateOnly day, bool isOwnFolder, Func<Task> step, CancellationToken cancellationToken)
    {
        if (isOwnFolder) await _seal.CloseAsync(table, day, cancellationToken);
        try
        {
            await step();
        }
        finally
        {
            if (isOwnFolder) await _seal.OpenAsync(table, day, cancellationToken);
        }
    }

    // A partition that does not exist is registered at its final place at once: the day's own folder may have been cleaned, and would be
    // only a part of the day.
    private async Task MoveAsync(DayView view, PartitionPlace place, CancellationToken cancellationToken)
    {
        if (catalog is null) return;
        if (await catalog.AlterLocationAsync(view.Table, view.Day, place.Folder, place.Parameters, cancellationToken)) return;
        await catalog.AddPartitionsAsync(view.Table, [place], cancellationToken);
        if ((await catalog.GetPartitionAsync(view.Table, view.Day, cancellationToken))?.Folder == place.Folder) return;
        if (await catalog.AlterLocationAsync(view.Table, view.Day, place.Folder, place.Parameters, cancellationToken)) return;
        throw new IOException($"The partition {LakePath.Day(view.Day)} of {view.Table.Name} went while it was moved.");
    }

    private async Task CheckPartsAsync(DayManifest manifest, CancellationToken cancellationToken)
    {
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var entry in store.ListAsync(manifest.Folder, cancellationToken)) lengths[entry.Name] = entry.Length;
        foreach (var part in manifest.Parts)
        {
            if (lengths.GetValueOrDefault(part.Name, -1) != part.Bytes)
            {
                throw new InvalidDataException($"{manifest.Folder} lacks {part.Name} as it was written.");
            }
        }
    }

    // Removes drafts of a generation that is taken: nobody can switch to them any more, so nobody ever reads them. Before that, no draft of
    // another compaction may be removed, as it may be about to be switched to.
    private async Task RemoveLosersAsync(LakeTable table, DateOnly day, DayManifest winner, CancellationToken cancellationToken)
    {
        var parent = CompactionPath.DayFolder(table, day);
        var losers = new List<string>();
        await foreach (var entry in store.ListAsync(parent, cancellationToken))
        {
            var folder = $"{parent}/{entry.Name}";
            if (folder == winner.Folder || !CompactionPath.TryParseGenerationFolder(entry.Name, out var generation)) continue;
            if (generation == winner.Generation) losers.Add(folder);
        }

        foreach (var folder in losers) await store.DeleteFolderAsync(folder, cancellationToken);
    }

    // Its folder belongs to a generation that another draft has won, so nobody ever read it. Any other folder may still be read by queries;
    // the cleaning decides about those.
    private async Task<bool> GiveUpAsync(DayDraft draft, DayManifest? newest, CancellationToken cancellationToken)
    {
        if (newest is null || newest.Generation != draft.Manifest.Generation || newest.Folder == draft.Manifest.Folder) return false;
        var parent = CompactionPath.DayFolder(draft.Table, draft.Day);
        var found = false;
        await foreach (var entry in store.ListAsync(parent, cancellationToken)) found |= entry.IsFolder
            && $"{parent}/{entry.Name}" == draft.Manifest.Folder;
        if (found) await store.DeleteFolderAsync(draft.Manifest.Folder, cancellationToken);
        return false;
    }
}

using System.Globalization;
using Banking.Sink.Catalog;
using Banking.Sink.Files;
using Banking.Sink.Store;
using Banking.Sink.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// Decides which folder queries read for a compacted day: commits the manifest, moves the partition, and brings late files to where the partition is. All of it may be
/// done again after any failure, and then goes on from what is there. For use from one place, the catalog's grain: of two at once, the partition might for a while be where the
/// older of two manifests says.
/// </summary>
internal sealed class DayShelf(ILakeStore store, ILakeCatalog catalog, TimeProvider time)
{
    private readonly ManifestBook _manifests = new(store);
    private readonly LateFileCopy _late = new(store);
    private readonly DaySeal _seal = new(store, time);

    /// <summary>Makes a compacted day complete for queries, and its partition be where its newest manifest says.</summary>
    /// <returns>False if the day was never compacted: its partition is the sink's own folder.</returns>
    public async Task<bool> PublishAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        if (await _manifests.NewestAsync(table, day, cancellationToken) is not { } manifest)
        {
            // Somebody who died before the switch may have left it.
            await _seal.OpenAsync(table, day, cancellationToken);
            return false;
        }

        var partition = await catalog.GetPartitionAsync(table, day, cancellationToken);
        if (partition?.Folder == manifest.Folder)
        {
            await _seal.OpenAsync(table, day, cancellationToken);
            await _late.RunAsync(table, day, manifest, cancellationToken);
            return true;
        }

        await _late.RunAsync(table, day, manifest, cancellationToken);
        await SealedAsync(table, day, partition is null || partition.Folder == LakePath.DayFolder(table, day), async () =>
        {
            await _late.RunAsync(table, day, manifest, cancellationToken);
            await MoveAsync(table, day, manifest, cancellationToken);
        }, cancellationToken);
        return true;
    }

    /// <summary>Switches a day to a draft's folder.</summary>
    /// <returns>False if the day was switched by another one since the draft was begun; the draft's folder is gone then.</returns>
    /// <exception cref="InvalidDataException">The draft's folder is not whole; nothing was switched.</exception>
    /// <exception cref="DayNotCompactableException">A file of the day is on its way; nothing was switched.</exception>
    /// <remarks>After another exception the outcome is unknown, and <see cref="PublishAsync"/> finishes what was begun.</remarks>
    public async Task<bool> SwitchAsync(DayDraft draft, CancellationToken cancellationToken)
    {
        var (table, day, manifest) = (draft.Table, draft.Day, draft.Manifest);
        var newest = await _manifests.NewestAsync(table, day, cancellationToken);
        if (newest?.Folder == manifest.Folder) return await PublishAsync(table, day, cancellationToken);
        if ((newest?.Generation ?? 0) != draft.Basis) return await GiveUpAsync(manifest, cancellationToken);
        await CheckPartsAsync(manifest, cancellationToken);

        // What came while the day was merged; then what came while that was copied, when nothing more can come unseen.
        await _late.RunAsync(table, day, manifest, cancellationToken);
        var won = false;
        await SealedAsync(table, day, draft.Basis == 0, async () =>
        {
            await _late.RunAsync(table, day, manifest, cancellationToken);
            won = await _manifests.CommitAsync(table, day, manifest, cancellationToken);
            if (won) await MoveAsync(table, day, manifest, cancellationToken);
        }, cancellationToken);
        return won || await GiveUpAsync(manifest, cancellationToken);
    }

    // Where queries read the sink's own folder, a file is visible to them before anybody here knows of it.
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

    private async Task MoveAsync(LakeTable table, DateOnly day, DayManifest manifest, CancellationToken cancellationToken)
    {
        if (await catalog.GetPartitionAsync(table, day, cancellationToken) is null) await catalog.AddPartitionsAsync(table, [day], cancellationToken);
        var parameters = DayPlacement.Parameters(manifest.Generation, time.GetUtcNow());
        if (await catalog.AlterLocationAsync(table, day, manifest.Folder, parameters, cancellationToken)) return;
        throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The partition {day:yyyy-MM-dd} of {table.Name} went while it was moved."));
    }

    private async Task CheckPartsAsync(DayManifest manifest, CancellationToken cancellationToken)
    {
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var entry in store.ListAsync(manifest.Folder, cancellationToken)) lengths[entry.Name] = entry.Length;
        foreach (var part in manifest.Parts)
        {
            if (lengths.GetValueOrDefault(part.Name, -1) != part.Bytes) throw new InvalidDataException($"{manifest.Folder} lacks {part.Name} as it was written.");
        }
    }

    private async Task<bool> GiveUpAsync(DayManifest manifest, CancellationToken cancellationToken)
    {
        await store.DeleteFolderAsync(manifest.Folder, cancellationToken);
        return false;
    }
}

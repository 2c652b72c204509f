using Banking.Lake.Catalog;
using Banking.Lake.Chains;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Sequences;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Settings;

namespace Banking.Sink.Compaction;

/// <summary>
/// Removes what a compacted day no longer needs when the grace period is over: the folders of older generations, and the sink's files that
/// are in the parts and that no restart of the sink reads. It may be cancelled at any time, and two may run at once.
/// </summary>
/// <param name="catalog">Null if queries go by the manifests alone.</param>
/// <param name="watch">The watch, which outlives this object.</param>
internal sealed class DayCleaning(
    ILakeStore store, ILakeCatalog? catalog, ParquetEncoder encoder, CompactionOptions options, GraceWatch watch, TimeProvider time)
{
    private readonly ManifestBook _manifests = new(store);

    /// <returns>How many files and folders were removed; null if it is too early for this day.</returns>
    public async Task<int?> RunAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        if (await _manifests.NewestAsync(table, day, cancellationToken) is not { } manifest) return null;
        if (!await IsGraceOverAsync(table, day, manifest, cancellationToken)) return null;
        var removed = await RemoveGenerationsAsync(table, day, manifest, cancellationToken);
        await _manifests.ForgetBelowAsync(table, day, manifest.Generation, cancellationToken);
        var own = await DayListing.ReadAsync(store, LakePath.DayFolder(table, day), cancellationToken);
        var unneeded = new List<string>();
        foreach (var files in own.Where(file => file.Chain is not null).GroupBy(file => file.Chain!.Value))
        {
            if (manifest.Through.TryGetValue(files.Key.ToString(), out var through))
                unneeded.AddRange(await FindUnneededAsync(table, day, files.Key, [.. files], through, cancellationToken));
        }

        if (unneeded.Count == 0) return removed;

        // Done before the first file is removed, so that what is left is never taken for the whole day.
        await CleanedMark.MakeAsync(store, table, day, manifest, cancellationToken);
        foreach (var file in unneeded) await store.DeleteAsync(file, cancellationToken);
        return removed + unneeded.Count;
    }

    private async Task<bool> IsGraceOverAsync(LakeTable table, DateOnly day, DayManifest manifest, CancellationToken cancellationToken)
    {
        // Without a catalog the manifest is the switch: this process must have seen it for the whole grace period.
        if (catalog is null) return watch.HasPassed(table, day, manifest.Folder, options.Grace);

        // The catalog has the last word: what it still points at is what queries read.
        if (await catalog.GetPartitionAsync(table, day, cancellationToken) is not { } partition || partition.Folder != manifest.Folder)
            return false;

        // Both clocks have to agree: the wall clock may have been set, and this process may have just started.
        var watched = watch.HasPassed(table, day, manifest.Folder, options.Grace);
        return watched && DayPlacement.SwitchedAt(partition.Parameters) is { } switched && time.GetUtcNow() - switched >= options.Grace;
    }

    private async Task<int> RemoveGenerationsAsync(LakeTable table, DateOnly day, DayManifest manifest, CancellationToken cancellationToken)
    {
        var removed = 0;
        var folder = CompactionPath.DayFolder(table, day);
        await foreach (var entry in store.ListAsync(folder, cancellationToken))
        {
            // A later generation is somebody's draft.
            var path = $"{folder}/{entry.Name}";
            if (
                path == manifest.Folder
                    || !CompactionPath.TryParseGenerationFolder(entry.Name, out var generation) || generation > manifest.Generation)
            {
                continue;
            }
            await store.DeleteFolderAsync(path, cancellationToken);
            removed++;
        }

        return removed;
    }

    private async Task<IEnumerable<string>> FindUnneededAsync(
        LakeTable table, DateOnly day, ChainId chainId, List<DayFile> files, long through, CancellationToken cancellationToken)
    {
        var chain = new TableChain(store, encoder, table, chainId, Guid.NewGuid().ToString("N"), time);
        var tail = await chain.FindTailAsync(cancellationToken);
        var saves = await new SequenceStore(store, chain, "").ListReadableAsync(cancellationToken);
        var ranges = new List<(long Start, long End)>();
        for (var i = 0; i < files.Count; i++)
        {
            // Files of a chain follow each other without a gap; the footer of the last one says where it ends.
            if (i + 1 < files.Count) ranges.Add((files[i].Start, files[i + 1].Start - 1));
            else if (await chain.EndOfAsync(new ChainFile(files[i].Start, day), cancellationToken) is { } end) ranges.Add(
                (files[i].Start, end));
        }

        return CleaningRule.Removable(ranges, through, saves, tail.NextStart).Select(start => LakePath.File(table, day, chainId, start));
    }
}

/// <summary>Decides which of a chain's files of a compacted day are no longer needed. Pure.</summary>
internal static class CleaningRule
{
    /// <summary>
    /// The files that are in the parts and that no restart of the sink reads. A restart looks at the chain's newest file to see where the
    /// chain ends, and at every file that reaches beyond the save of last sequence numbers that it starts from. If the newest save can't be
    /// read, it takes the one before, so only files wholly below that one may be removed. If there is only one save, nothing may be
    /// removed, as without any save all files are read.
    /// </summary>
    /// <param name="files">The first and last offset of each file.</param>
    /// <param name="through">The last offset that the parts cover; -1 for none.</param>
    /// <param name="saves">The offsets that the readable saves cover, in any order.</param>
    /// <param name="next">The start of the chain's next file. A save that reaches beyond it belongs to another history, and no restart
    /// takes it.</param>
    public static IEnumerable<long> Removable(IEnumerable<(long Start, long End)> files, long through, IEnumerable<long> saves, long next)
    {
        var older = saves.Where(end => end < next).Distinct().OrderDescending().Skip(1).Select(end => (long?)end).FirstOrDefault();
        if (older is not { } below) return [];
        return files.Where(file => file.Start <= through && file.End <= below && file.End < next - 1).Select(file => file.Start);
    }
}

/// <summary>
/// Measures the grace period of switched days by the monotonic clock, from when a partition was first seen at its folder. After a step of
/// the wall clock, or a start, the grace period begins again, and files are removed that much later. Not thread-safe.
/// </summary>
internal sealed class GraceWatch(TimeProvider time)
{
    private readonly Dictionary<(string Table, DateOnly Day), (string Folder, long Since)> _seen = [];

    /// <summary>Notes where a day's partition is.</summary>
    /// <returns>Whether it has been seen there for the whole grace period.</returns>
    public bool HasPassed(LakeTable table, DateOnly day, string folder, TimeSpan grace)
    {
        var now = time.GetTimestamp();
        if (!_seen.TryGetValue((table.Name, day), out var seen) || seen.Folder != folder) seen = _seen[(table.Name, day)] = (folder, now);
        return time.GetElapsedTime(seen.Since, now) >= grace;
    }
}

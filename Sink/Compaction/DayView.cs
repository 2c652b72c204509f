using Banking.Lake.Catalog;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>What the lake itself says about a day, whatever a catalog says.</summary>
/// <param name="Manifest">The newest manifest; null if the day was never compacted, or its manifests are lost.</param>
/// <param name="WasCleaned">Whether files were removed from the sink's own folder because a compacted folder has them: then that folder
/// alone is not the whole day.</param>
internal sealed record DayView(LakeTable Table, DateOnly Day, DayManifest? Manifest, bool WasCleaned)
{
    /// <summary>The folder where queries have to read the day.</summary>
    public string Folder => Manifest?.Folder ?? LakePath.DayFolder(Table, Day);

    /// <summary>The generation's number; 0 for the sink's own folder.</summary>
    public long Generation => Manifest?.Generation ?? 0;

    /// <summary>Whether a catalog reads a generation that is newer than the newest manifest.</summary>
    public bool IsBehind(LakePartition partition) =>
        CompactionPath.TryParseGeneration(partition.Folder, Table, Day, out var generation) && generation > Generation;

    /// <returns>A sentence saying why nothing of the day may be merged, removed or registered; null if nothing is wrong.</returns>
    public string? ProblemOf(LakePartition? partition)
    {
        var newest = Manifest is null ? "none" : $"generation {Generation}";
        if (partition is not null && IsBehind(partition))
        {
            return $"{Table.Name} of {LakePath.Day(Day)} is registered at {partition.Folder}, but "
                + $"{CompactionPath.ManifestFolder(Table, Day)} has {newest}: the lake's "
                + "manifests are lost or older than the catalog. Nothing of that day is merged, moved or removed until they are back.";
        }

        return Manifest is null && WasCleaned
            ? $"{LakePath.DayFolder(Table, Day)} was cleaned after it was compacted, but {CompactionPath.ManifestFolder(Table, Day)} has "
                + "no manifest: a part of the day's rows is "
                + $"in {CompactionPath.DayFolder(Table, Day)} only. Nothing of that day is merged, moved or removed until the manifests "
                + "are back."
            : null;
    }
}

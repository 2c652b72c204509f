using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>Which of the sink's files of a compacted day the day's folder lacks. Pure.</summary>
internal static class LateFiles
{
    /// <summary>
    /// Those behind what the parts cover, unless they were copied into the folder before. A file that starts below that is no late one,
    /// whatever holds it: after a clean-up its name is free again, and an owner that stood still for hours may yet commit rows under it
    /// that are long in the parts.
    /// </summary>
    /// <param name="own">The files in the sink's own folder of the day.</param>
    /// <param name="current">The names in the day's current folder.</param>
    public static List<DayFile> Of(IEnumerable<DayFile> own, IReadOnlyDictionary<string, long> through, IReadOnlySet<string> current) =>
    [
        .. own.Where(file => file.Chain is { } chain
            && file.Start > through.GetValueOrDefault(chain.ToString(), -1)
            && !current.Contains(file.Name)),
    ];
}

/// <summary>
/// Brings files that the sink committed for a day after it was compacted into the folder that is the day: each under its own name by a
/// rename that never overwrites, so it is there whole and once, however often this is done and by however many.
/// </summary>
internal sealed class LateFileCopy(ILakeStore store)
{
    /// <returns>How many files were brought.</returns>
    public async Task<int> RunAsync(LakeTable table, DateOnly day, DayManifest manifest, CancellationToken cancellationToken)
    {
        var own = await DayListing.ReadAsync(store, LakePath.DayFolder(table, day), cancellationToken);
        if (LateFiles.Of(own, manifest.Through, EmptySet).Count == 0) return 0;
        var current = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var entry in store.ListAsync(manifest.Folder, cancellationToken)) current.Add(entry.Name);
        var brought = 0;
        foreach (var file in LateFiles.Of(own, manifest.Through, current))
        {
            if (
                await CopyAsync(
                    table, $"{LakePath.DayFolder(table, day)}/{file.Name}", $"{manifest.Folder}/{file.Name}", cancellationToken))
            {
                brought++;
            }
        }

        return brought;
    }

    private static readonly HashSet<string> EmptySet = [];

    private async Task<bool> CopyAsync(LakeTable table, string from, string to, CancellationToken cancellationToken)
    {
        var staged = CompactionPath.Staged(table, $"late-{Guid.NewGuid():N}");
        await using var source = await store.OpenReadAsync(from, cancellationToken);
        await store.StageAsync(staged, (stream, token) => source.CopyToAsync(stream, token), cancellationToken);
        var made = false;
        try
        {
            made = await store.CommitAsync(staged, to, cancellationToken);
        }
        finally
        {
            if (!made) await store.DeleteAsync(staged, CancellationToken.None);
        }

        return made;
    }
}

using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>Decides which of the sink's files the folder of a compacted day lacks. Pure.</summary>
internal static class LateFiles
{
    /// <summary>
    /// The files after what the parts cover, unless they were copied into the folder before. A file that starts below that is not late,
    /// whatever it holds: after a clean-up its name is free again, and an owner that was stalled for hours may still commit rows under it
    /// that have long been in the parts.
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
/// Copies files that the sink committed for a day after its compaction into the day's current folder. Each gets its own name by a rename
/// that never overwrites, so it is there once and complete, however often and by however many processes this is done.
/// </summary>
internal sealed class LateFileCopy(ILakeStore store)
{
    /// <returns>How many files were copied.</returns>
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

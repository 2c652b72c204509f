using Banking.Sink.Files;
using Banking.Sink.Store;
using Banking.Sink.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// A file in the sink's own folder of a day that engines don't see: it is there before any of the sink's files is removed, so that nobody takes what is left for the whole day when the
/// manifests are lost. It holds the manifest of that time, for people.
/// </summary>
internal static class CleanedMark
{
    public const string Name = "_compacted";

    public static string Of(LakeTable table, DateOnly day) => $"{LakePath.DayFolder(table, day)}/{Name}";

    public static async Task<bool> IsThereAsync(ILakeStore store, LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        try
        {
            await using var mark = await store.OpenReadAsync(Of(table, day), cancellationToken);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Makes it, durably, unless it is there.</summary>
    public static async Task MakeAsync(ILakeStore store, LakeTable table, DateOnly day, DayManifest manifest, CancellationToken cancellationToken)
    {
        if (await IsThereAsync(store, table, day, cancellationToken)) return;
        var staged = CompactionPath.Staged(table, $"mark-{Guid.NewGuid():N}");
        await store.StageAsync(staged, (stream, token) => stream.WriteAsync(manifest.Encode(), token).AsTask(), cancellationToken);
        if (!await store.CommitAsync(staged, Of(table, day), cancellationToken)) await store.DeleteAsync(staged, cancellationToken);
    }
}

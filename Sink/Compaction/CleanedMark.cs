using System.Text;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// Two files in the sink's own folder of a day that are made before any of the sink's files is removed, so that nobody takes the rest for
/// the whole day. One is invisible to engines: it is for this program, in case the manifests are lost, and holds the manifest of that time
/// for people to read. The other is for readers that go by the folders' names alone: it looks like data but is not. So instead of missing
/// rows they fail, with the file's name in the message.
/// </summary>
internal static class CleanedMark
{
    public const string Name = "_compacted";

    public const string VisibleName = "this-day-was-compacted.parquet";

    public static string Of(LakeTable table, DateOnly day) => $"{LakePath.DayFolder(table, day)}/{Name}";

    public static string VisibleOf(LakeTable table, DateOnly day) => $"{LakePath.DayFolder(table, day)}/{VisibleName}";

    public static Task<bool> IsThereAsync(ILakeStore store, LakeTable table, DateOnly day, CancellationToken cancellationToken) =>
        store.ExistsAsync(Of(table, day), cancellationToken);

    /// <summary>Makes the two files, durably, unless they exist.</summary>
    public static async Task MakeAsync(
        ILakeStore store, LakeTable table, DateOnly day, DayManifest manifest, CancellationToken cancellationToken)
    {
        var sentence = $"Files of this day were merged and removed. The newest manifest in {CompactionPath.ManifestFolder(table, day)} "
            + "says which folder has the day's rows.\n";
        await MakeAsync(store, table, Of(table, day), manifest.Encode(), cancellationToken);
        await MakeAsync(store, table, VisibleOf(table, day), Encoding.UTF8.GetBytes(sentence), cancellationToken);
    }

    private static async Task MakeAsync(ILakeStore store, LakeTable table, string path, byte[] content, CancellationToken cancellationToken)
    {
        if (await store.ExistsAsync(path, cancellationToken)) return;
        var staged = CompactionPath.Staged(table, $"mark-{Guid.NewGuid():N}");
        await store.TryMakeAsync(staged, path, content, cancellationToken);
    }
}

using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Lake.Days;

/// <summary>Lists what a day's folder holds.</summary>
internal static class DayListing
{
    /// <summary>
    /// The visible files: parts first, the files of each chain in order, and no file of a chain without those before it. A single listing
    /// does not guarantee that: a folder that grows while it is read may show a new file but not the one before it. What is in a folder
    /// before a listing begins is in the listing. So the second listing has everything that came before any file in the first one.
    /// </summary>
    public static async Task<List<DayFile>> ReadAsync(ILakeStore store, string folder, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<ChainId, long>();
        foreach (var file in await ReadOnceAsync(store, folder, cancellationToken))
        {
            if (file.Chain is { } chain) seen[chain] = Math.Max(file.Start, seen.GetValueOrDefault(chain, -1));
        }

        var files = await ReadOnceAsync(store, folder, cancellationToken);
        files.RemoveAll(file => file.Chain is { } chain && file.Start > seen.GetValueOrDefault(chain, -1));
        files.Sort(Compare);
        return files;
    }

    private static async Task<List<DayFile>> ReadOnceAsync(ILakeStore store, string folder, CancellationToken cancellationToken)
    {
        var files = new List<DayFile>();
        await foreach (var entry in store.ListAsync(folder, cancellationToken))
        {
            if (!entry.IsFolder && entry.Name[0] is not '_' and not '.') files.Add(DayFile.Of(entry.Name, entry.Length));
        }

        return files;
    }

    private static int Compare(DayFile a, DayFile b)
    {
        if (a.Chain is { } chainA && b.Chain is { } chainB)
        {
            var chains = string.CompareOrdinal(chainA.ToString(), chainB.ToString());
            return chains != 0 ? chains : a.Start.CompareTo(b.Start);
        }

        return a.Chain is null && b.Chain is null ? string.CompareOrdinal(a.Name, b.Name) : a.Chain is null ? -1 : 1;
    }
}

/// <summary>A file that engines see in a day's folder.</summary>
/// <param name="Name">The name without its folder.</param>
/// <param name="Chain">The chain it belongs to, if the sink wrote it; null for a part made by compaction, or a foreign file.</param>
/// <param name="Start">The first offset that a chain's file covers; also in its name.</param>
internal readonly record struct DayFile(string Name, long Length, ChainId? Chain, long Start)
{
    public static DayFile Of(string name, long length) =>
        LakePath.TryParseFile(name, out var chain, out var start) ? new DayFile(name, length, chain, start) : new DayFile(
            name, length, null, 0);
}

/// <summary>The day can't be compacted now and is left as it is. The message says why, in a sentence for people.</summary>
internal sealed class DayNotCompactableException(string message) : Exception(message);

using Banking.Lake.Days;

namespace Banking.Sink.Compaction;

/// <summary>Which days are compacted. Pure.</summary>
internal static class CompactionChoice
{
    /// <summary>Two are the least that can become fewer.</summary>
    public const int MinFilesOnDemand = 2;

    /// <summary>
    /// Whether the files that queries read are small and many. A compaction leaves one small file at the most, so none is done twice for
    /// nothing.
    /// </summary>
    public static bool IsWorthIt(IEnumerable<DayFile> files, long smallBytes, int minFiles) =>
        files.Count(file => file.Length < smallBytes) >= minFiles;
}

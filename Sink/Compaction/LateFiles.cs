using Banking.Lake.Days;

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

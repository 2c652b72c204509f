using System.Text.Json;
using Banking.Client.Terminals;

namespace Banking.Client.Querying;

/// <summary>
/// Finds the files of the lake's folder that belong to a table: those that Hive and Presto see too. A day is the table's folder of that day
/// or, once it was compacted, the folder that its newest manifest names.
/// </summary>
internal static class LakeFiles
{
    /// <summary>
    /// DuckDB's patterns for a table's files, each of which finds at least one; names that start with <c>_</c> or <c>.</c> are not visible.
    /// </summary>
    public static IReadOnlyList<string> Globs(string lake, string table)
    {
        var own = Path.Combine(lake, table);
        var days = Days(lake, table);

        // One pattern for all days, as long as nothing was compacted: it also finds days that are added later.
        if (days.All(day => Path.GetDirectoryName(day) == own)) return days.Any(HasFiles) ? [Escape(own) + "/dt=*/[!_.]*.parquet"] : [];
        return [.. days.Where(HasFiles).Select(day => Escape(day) + "/[!_.]*.parquet")];
    }

    /// <summary>Every file that an engine would take as part of the table, whatever it is.</summary>
    public static IEnumerable<string> Visible(string lake, string table) => Days(lake, table).SelectMany(VisibleIn);

    private static List<string> Days(string lake, string table)
    {
        // The manifests are read first: a day that is compacted meanwhile is still complete in its old folder.
        var compacted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var day in Folders(Path.Combine(lake, "_compactions", table)))
        {
            if (Compacted(lake, day) is { } folder) compacted[Path.GetFileName(day)] = folder;
        }

        var own = Folders(Path.Combine(lake, table)).Where(day => !compacted.ContainsKey(Path.GetFileName(day)))
            .Select(day => Whole(lake, table, day));
        return [.. own, .. compacted.Values];
    }

    // The sink's own folder of a day; it has a mark if some of its files are only in a compacted folder.
    private static string Whole(string lake, string table, string day)
    {
        if (!File.Exists(Path.Combine(day, "_compacted"))) return day;
        var manifests = Path.Combine(lake, "_compactions", table, Path.GetFileName(day));
        return Compacted(lake, manifests) ?? throw new CommandFailedException(
            $"{day} was cleaned after it was compacted, but {manifests} has no manifest: a part of the day's rows would be missing.");
    }

    private static string? Compacted(string lake, string manifests)
    {
        if (!Directory.Exists(manifests)) return null;

        // They have twenty digits each, so they sort as their numbers do.
        var newest = Directory.EnumerateFiles(manifests)
            .Where(file => Path.GetFileName(file) is { Length: 20 } name && name.All(char.IsAsciiDigit))
            .Max(StringComparer.Ordinal);
        if (newest is null) return null;
        try
        {
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(newest));
            var folder = manifest.RootElement.GetProperty("folder").GetString() ?? throw new JsonException("Its folder is null.");
            return Path.Combine(lake, folder.Replace('/', Path.DirectorySeparatorChar));
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandFailedException($"{newest} is no manifest of a compaction: {broken.Message}", broken);
        }
    }

    private static IEnumerable<string> Folders(string parent) =>
        Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, "dt=*") : [];

    private static bool HasFiles(string day) => VisibleIn(day).Any(file => file.EndsWith(".parquet", StringComparison.Ordinal));

    private static IEnumerable<string> VisibleIn(string day) =>
        Directory.Exists(day) ? Directory.EnumerateFiles(day).Where(file => Path.GetFileName(file)[0] is not '_' and not '.') : [];

    /// <summary>A folder's own name may contain characters that have a meaning in patterns.</summary>
    public static string Escape(string folder) => string.Concat(folder.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));
}

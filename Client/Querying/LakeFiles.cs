namespace Banking.Client.Querying;

/// <summary>Which files of a table's folder belong to it: those that Hive and Presto see too.</summary>
internal static class LakeFiles
{
    /// <summary>DuckDB's pattern for a table's files; names that start with <c>_</c> or <c>.</c> are not visible.</summary>
    public static string Glob(string tableFolder) => Escape(tableFolder) + "/dt=*/[!_.]*.parquet";

    public static bool Any(string tableFolder) => Visible(tableFolder).Any(file => file.EndsWith(".parquet", StringComparison.Ordinal));

    /// <summary>Every file that an engine would take for part of the table, whatever it is.</summary>
    public static IEnumerable<string> Visible(string tableFolder)
    {
        if (!Directory.Exists(tableFolder)) return [];
        return Directory.EnumerateDirectories(tableFolder, "dt=*")
            .SelectMany(Directory.EnumerateFiles)
            .Where(file => Path.GetFileName(file)[0] is not '_' and not '.');
    }

    // A folder's own name may hold what a pattern gives a meaning to.
    private static string Escape(string folder) => string.Concat(folder.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));
}

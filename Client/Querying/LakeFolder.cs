using Banking.Client.Terminals;

namespace Banking.Client.Querying;

/// <summary>A folder on this machine that is a lake: the sink has opened it, or it has a table.</summary>
internal static class LakeFolder
{
    /// <returns>Its full path, without a trailing separator.</returns>
    /// <exception cref="CommandFailedException">There is no such folder, or it is not a lake.</exception>
    public static string Of(string lake)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(lake));
        if (!Directory.Exists(folder)) throw new CommandFailedException($"There is no lake at {folder}; name its folder with --lake.");
        if (IsLake(folder)) return folder;
        var inside = Directory.EnumerateDirectories(folder).Where(IsLake).Order(StringComparer.Ordinal).FirstOrDefault();
        var advice = inside is null ? "Name the lake's folder with --lake." : $"Did you mean {inside}?";
        throw new CommandFailedException($"{folder} is no lake: it has no _lake in it and no table's folder. {advice}");
    }

    private static bool IsLake(string folder) =>
        LakeViews.All.Select(table => table.Name).Concat(["_lake", "_compactions"])
            .Any(name => Directory.Exists(Path.Combine(folder, name)));
}

namespace Banking.Lake.Store;

/// <summary>Which paths are valid in a lake. Pure.</summary>
internal static class LakeName
{
    /// <summary>
    /// Whether a path stays in the lake: its parts are separated by <c>/</c>, and none is empty, leads up, or contains a character with a
    /// special meaning in file systems or URLs.
    /// </summary>
    public static bool IsValid(string path)
    {
        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or ".." || part.AsSpan().IndexOfAny(":\\?#") >= 0 || part.Any(char.IsControl)) return false;
        }

        return true;
    }

    /// <returns>The path.</returns>
    /// <exception cref="ArgumentException">It could lead out of the lake.</exception>
    public static string Checked(string path) =>
        IsValid(path) ? path : throw new ArgumentException($"'{path}' is no path of a lake.", nameof(path));
}

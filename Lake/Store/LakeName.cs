namespace Banking.Lake.Store;

/// <summary>Which paths a lake has. Pure.</summary>
internal static class LakeName
{
    /// <summary>
    /// Whether a path stays in the lake: parts with <c>/</c> between them, none of which is empty, goes up, or has a character that a file
    /// system or a URL takes for something else.
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

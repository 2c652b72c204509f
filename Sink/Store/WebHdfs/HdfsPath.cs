namespace Banking.Sink.Store.WebHdfs;

/// <summary>Paths as HDFS takes them, and as they are written into a URL. Pure.</summary>
internal static class HdfsPath
{
    /// <summary>Whether a path without a leading slash has only parts that HDFS takes, and that no URL could mistake for something else.</summary>
    public static bool IsValid(string path)
    {
        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or ".." || part.AsSpan().IndexOfAny(":\\?#") >= 0 || part.Any(char.IsControl)) return false;
        }

        return true;
    }

    /// <summary>The absolute path of a file of the lake.</summary>
    /// <exception cref="ArgumentException">The path could lead elsewhere, or HDFS does not take it.</exception>
    public static string Of(string root, string path) =>
        IsValid(path) ? $"{root}/{path}" : throw new ArgumentException($"'{path}' is no path of a lake.", nameof(path));

    public static string Encode(string absolute) => string.Join('/', absolute.Split('/').Select(Uri.EscapeDataString));

    public static string FolderOf(string absolute) => absolute[..absolute.LastIndexOf('/')];
}

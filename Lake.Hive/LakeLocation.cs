namespace Banking.Lake.Hive;

/// <summary>
/// The lake's root as the metastore, Hive and Presto see it: a URL, or just a path, which the metastore puts on its default file system.
/// Pure.
/// </summary>
internal sealed record LakeLocation
{
    private LakeLocation(string root) => Root = root.TrimEnd('/');

    public string Root { get; }

    /// <param name="location">A URL, or a path on the metastore's default file system.</param>
    public static LakeLocation Of(string location) => new(location);

    /// <param name="path">The path of a folder on this machine.</param>
    public static LakeLocation OfFolder(string path)
    {
        path = Path.GetFullPath(path).Replace('\\', '/');
        return new LakeLocation("file:" + (path.StartsWith('/') ? path : "/" + path));
    }

    /// <summary>Whether a text can be a root: <c>scheme://host/path</c> or <c>scheme:/path</c>.</summary>
    public static bool IsUrl(string text) =>
        Split(text) is ({ Length: > 0 } scheme, _, { Length: > 1 } path)
        && path.StartsWith('/')
        && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');

    public string FolderOf(string folder) => $"{Root}/{folder}";

    /// <summary>
    /// The root as the metastore has it, derived from the location that it gives for a folder; null if that is elsewhere.
    /// </summary>
    public string? RootOf(string location, string folder)
    {
        var (scheme, authority, path) = Split(location.TrimEnd('/'));
        var own = Split(Root);
        var same = path == $"{own.Path}/{folder}" && (own.Scheme.Length == 0 || (own.Scheme == scheme && own.Authority == authority));
        return same ? location.TrimEnd('/')[..^(folder.Length + 1)] : null;
    }

    /// <returns>Scheme and authority are empty if there are none: <c>file:/x</c> is <c>file:///x</c>.</returns>
    private static (string Scheme, string Authority, string Path) Split(string location)
    {
        var colon = location.IndexOf(':', StringComparison.Ordinal);
        var slash = location.IndexOf('/', StringComparison.Ordinal);
        if (colon < 0 || (slash >= 0 && slash < colon)) return ("", "", location);
        var rest = location[(colon + 1)..];
        if (!rest.StartsWith("//", StringComparison.Ordinal)) return (location[..colon], "", rest);
        var path = rest.IndexOf('/', 2);
        return path < 0 ? (location[..colon], rest[2..], "") : (location[..colon], rest[2..path], rest[path..]);
    }
}

using System.Globalization;
using Banking.Lake.Store;

namespace Banking.Lake.Hdfs;

/// <summary>
/// A lake's root on HDFS: <c>webhdfs://host:port/path</c>, or <c>swebhdfs://host:port/path</c> with TLS, with all name nodes of the cluster
/// before the path, separated by commas. A name node without a port gets HDFS' default: 9870, or 9871 with TLS. Pure.
/// </summary>
public sealed record WebHdfsAddress(IReadOnlyList<Uri> NameNodes, string Path)
{
    private const string Plain = "webhdfs://";
    private const string Tls = "swebhdfs://";
    private const int PlainPort = 9870;
    private const int TlsPort = 9871;

    /// <summary>Whether a lake's root is meant to be on WebHDFS; it may still be malformed.</summary>
    public static bool IsOne(string root) => root.StartsWith(Plain, StringComparison.OrdinalIgnoreCase) || IsTls(root);

    /// <returns>What is wrong with an address, to be read after its name: <c>"must …"</c>; null if it can be used.</returns>
    public static string? ProblemOf(string root) => TryParse(root, out _, out var problem) ? null : problem;

    /// <exception cref="FormatException">The address is malformed.</exception>
    public static WebHdfsAddress Parse(string root) =>
        TryParse(root, out var address, out var problem) ? address! : throw new FormatException($"The lake's Root {problem}");

    private static bool IsTls(string root) => root.StartsWith(Tls, StringComparison.OrdinalIgnoreCase);

    private static bool TryParse(string root, out WebHdfsAddress? address, out string problem)
    {
        address = null;
        problem = "must be webhdfs://host:port/path, or swebhdfs:// with TLS, with several name nodes separated by commas.";
        if (!IsOne(root)) return false;
        var isTls = IsTls(root);
        var rest = root[(isTls ? Tls : Plain).Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return false;
        var nodes = new List<Uri>();
        foreach (var authority in rest[..slash].Split(','))
        {
            if (ParseNode(authority.Trim(), isTls) is not { } node) return false;
            nodes.Add(node);
        }

        var path = rest[(slash + 1)..].TrimEnd('/');
        if (path.Length == 0)
        {
            problem = "must name a folder behind the name nodes, as in webhdfs://host:9870/banking.";
            return false;
        }

        if (!LakeName.IsValid(path))
        {
            problem =
                $"has a path that HDFS does not take, '/{path}': no empty, '.' or '..' part, no ':', backslash, question mark, hash sign "
                    + "or control character.";
            return false;
        }

        address = new WebHdfsAddress(nodes, "/" + path);
        return true;
    }

    private static Uri? ParseNode(string authority, bool isTls)
    {
        // Anything else that a URI may contain here, such as a user, would be silently ignored.
        if (authority.Length == 0 || authority.Any("@?#/\\ ".Contains)) return null;
        var scheme = isTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        if (!Uri.TryCreate($"{scheme}://{authority}/", UriKind.Absolute, out var uri) || uri.HostNameType == UriHostNameType.Unknown)
        {
            return null;
        }
        var hasPort = authority[(authority.LastIndexOf(']') + 1)..].Contains(':', StringComparison.Ordinal);
        return hasPort
            ? authority.EndsWith(':') || uri.Port == 0 ? null : uri
            : new Uri(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{authority}:{(isTls ? TlsPort : PlainPort)}/"));
    }
}

/// <summary>Paths as HDFS accepts them, and as they are written into a URL. Pure.</summary>
internal static class HdfsPath
{
    /// <summary>The absolute path of a file of the lake.</summary>
    /// <exception cref="ArgumentException">The path could lead elsewhere, or HDFS does not accept it.</exception>
    public static string Of(string root, string path) => $"{root}/{LakeName.Checked(path)}";

    public static string Encode(string absolute) => string.Join('/', absolute.Split('/').Select(Uri.EscapeDataString));

    public static string FolderOf(string absolute) => absolute[..absolute.LastIndexOf('/')];
}

/// <summary>Which name node to ask: the same one until it fails, then the next. Safe for concurrent use.</summary>
internal sealed class NameNodes(IReadOnlyList<Uri> nodes)
{
    private int _current;

    public Uri Current => nodes[Volatile.Read(ref _current)];

    /// <summary>Goes on to the next name node, unless another caller has done so.</summary>
    public void Leave(Uri node)
    {
        var current = Volatile.Read(ref _current);
        if (nodes[current] == node) Interlocked.CompareExchange(ref _current, (current + 1) % nodes.Count, current);
    }
}

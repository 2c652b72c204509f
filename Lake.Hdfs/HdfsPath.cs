using Banking.Lake.Store;

namespace Banking.Lake.Hdfs;

/// <summary>Paths as HDFS takes them, and as they are written into a URL. Pure.</summary>
internal static class HdfsPath
{
    /// <summary>The absolute path of a file of the lake.</summary>
    /// <exception cref="ArgumentException">The path could lead elsewhere, or HDFS does not take it.</exception>
    public static string Of(string root, string path) => $"{root}/{LakeName.Checked(path)}";

    public static string Encode(string absolute) => string.Join('/', absolute.Split('/').Select(Uri.EscapeDataString));

    public static string FolderOf(string absolute) => absolute[..absolute.LastIndexOf('/')];
}

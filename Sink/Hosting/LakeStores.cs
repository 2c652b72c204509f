using Banking.Lake.Hdfs;
using Banking.Lake.Store;
using Banking.Sink.Settings;

namespace Banking.Sink.Hosting;

/// <summary>Chooses the lake's store by its root.</summary>
public static class LakeStores
{
    /// <summary>Whether a root is a folder on this machine, and not on HDFS.</summary>
    public static bool IsFolder(string root) => !WebHdfsAddress.IsOne(root);

    /// <returns>A sentence saying what is wrong with root and identity, beginning with the setting's name; null if nothing is
    /// wrong.</returns>
    internal static string? ProblemOf(LakeSinkOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Root)) return "Root is empty.";
        if (options.User is "") return "User is empty: it must be a name, or not be set.";
        if (options.DelegationToken is "") return "DelegationToken is empty: it must be a token, or not be set.";
        var identities = (options.User is null ? 0 : 1) + (options.DelegationToken is null ? 0 : 1) + (options.Kerberos ? 1 : 0);
        if (identities > 1) return "User, DelegationToken and Kerberos exclude each other: set one at the most.";
        if (WebHdfsAddress.IsOne(options.Root)) return WebHdfsAddress.ProblemOf(options.Root) is { } problem ? $"Root {problem}" : null;
        if (options.Root.Contains("://", StringComparison.Ordinal))
        {
            return "Root must name a folder, or be webhdfs://host:port/path (swebhdfs:// with TLS).";
        }
        return identities > 0 ? "User, DelegationToken and Kerberos are for a Root on webhdfs://." : null;
    }

    internal static ILakeStore Create(LakeSinkOptions options, TimeProvider time) => IsFolder(options.Root)
        ? new FolderLakeStore(options.Root)
        : new WebHdfsLakeStore(
            WebHdfsAddress.Parse(options.Root),
            new WebHdfsOptions { User = options.User, DelegationToken = options.DelegationToken, Kerberos = options.Kerberos },
            time);
}

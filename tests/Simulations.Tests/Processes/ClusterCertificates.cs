using Banking.Tls;
using Banking.Tls.Tests;

namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// An authority of a test's own, with the settings of silos and the environment of clients that have a certificate of it.
/// </summary>
internal sealed class ClusterCertificates : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("test authority", TimeProvider.System.GetUtcNow());

    /// <summary>A silo's, as arguments.</summary>
    public string[] Silo(string name)
    {
        using var certificate = _authority.Issue(name);
        var files = _authority.Write(_folder.Path, "--Banking:Cluster:Tls:", certificate);
        return [$"{files.Prefix}Certificate", files.Certificate, $"{files.Prefix}Key", files.Key, $"{files.Prefix}Authority",
            files.Authority];
    }

    /// <summary>A client's, as variables.</summary>
    public Dictionary<string, string> Client() => Variables(_authority);

    /// <summary>One that another authority issued, whose holder trusts this authority all the same.</summary>
    public Dictionary<string, string> StrangersClient()
    {
        using var others = new TestAuthority("other authority", TimeProvider.System.GetUtcNow());
        var variables = Variables(others);
        File.AppendAllText(variables["Banking__Cluster__Tls__Authority"], "\n" + _authority.Certificate.ExportCertificatePem());
        return variables;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private Dictionary<string, string> Variables(TestAuthority authority)
    {
        using var certificate = authority.Issue("game", TestAuthority.ClientAuth);
        TlsFiles files = authority.Write(_folder.Path, "Banking__Cluster__Tls__", certificate);
        return new()
        {
            [$"{files.Prefix}Certificate"] = files.Certificate,
            [$"{files.Prefix}Key"] = files.Key,
            [$"{files.Prefix}Authority"] = files.Authority,
        };
    }
}

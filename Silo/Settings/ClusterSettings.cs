using System.Net;
using System.Net.Sockets;
using Banking.Tls;

namespace Banking.Silo.Settings;

/// <summary>Where the silo listens for other silos and for game clients, and how they know each other.</summary>
internal sealed class ClusterSettings : ISiloSettings
{
    public static string Section => "Banking:Cluster";

    /// <summary>
    /// The IP address of this machine where silo and gateway listen, and under which others reach them. Any address but the loopback needs
    /// <see cref="Tls"/>.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// Whether to listen on all addresses of the machine, but tell others only <see cref="Address"/>: for a container, which does not
    /// itself have the address under which it is reached.
    /// </summary>
    public bool ListenOnAny { get; set; }

    /// <summary>The port on which silos talk to each other.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port to which game clients connect.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The certificates of silos and game clients; without them there is no TLS.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>Whether Orleans' dashboard is at <c>/dashboard</c>; null for yes if a database makes a cluster.</summary>
    public bool? Dashboard { get; set; }

    /// <summary><see cref="Address"/>, which was checked to be an IP address.</summary>
    internal IPAddress IPAddress => IPAddress.Parse(Address);

    /// <summary>Certificate, key and authority; null for no TLS.</summary>
    /// <exception cref="TlsFilesException">Some of them are set, but not all.</exception>
    internal TlsFiles? TlsFiles() => Banking.Tls.TlsFiles.Of($"{Section}:Tls:", Tls.Certificate, Tls.Key, Tls.Authority);

    public string? Problem()
    {
        if (!IsPort(SiloPort)) return $"{Section}:SiloPort must be 1 to 65535.";
        if (!IsPort(GatewayPort)) return $"{Section}:GatewayPort must be 1 to 65535.";
        if (SiloPort == GatewayPort) return $"{Section}:SiloPort and GatewayPort must differ.";
        if (!IsAddress(Address, out var address)) return $"{Section}:Address must be an IP address such as 10.0.0.5, not '{Address}'.";
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return $"{Section}:Address is {Address}, which nobody can connect to: it must be the one under which others reach this "
                + $"machine. {Section}:ListenOnAny listens on all.";
        TlsFiles? files;
        try
        {
            files = TlsFiles();
        }
        catch (TlsFilesException e)
        {
            return e.Message;
        }

        if ((IPAddress.IsLoopback(address) && !ListenOnAny) || files is not null) return null;
        var reachable = ListenOnAny ? "ListenOnAny" : $"Address {Address}";
        return $"{Section}:{reachable} makes silo and gateway reachable from other machines, and nobody would be asked who calls: "
            + $"set {Section}:Tls:Certificate, Key and Authority.";
    }

    private static bool IsPort(int port) => port is >= 1 and <= 65_535;

    // The parser also accepts 1 and 010.0.0.5 as addresses, and they mean others than they seem to.
    private static bool IsAddress(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);
}

/// <summary>Mutual TLS between silos and at the gateway: all three PEM files, or none.</summary>
internal sealed class TlsSettings
{
    /// <summary>This silo's certificate, with the extended key usages <c>serverAuth</c> and <c>clientAuth</c>.</summary>
    public string? Certificate { get; set; }

    /// <summary>The certificate's private key, without a password.</summary>
    public string? Key { get; set; }

    /// <summary>The authority that issued all silos' and clients' certificates; several while one is being replaced by another.</summary>
    public string? Authority { get; set; }
}

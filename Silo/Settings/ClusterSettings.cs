using System.Net;
using System.Net.Sockets;
using Banking.Tls;

namespace Banking.Silo.Settings;

/// <summary>Where the silo listens for other silos and for game clients, and how they know each other.</summary>
public sealed class ClusterSettings
{
    private const string Prefix = "Banking:Cluster";

    /// <summary>
    /// The IP address of this machine where silo and gateway listen, and under which others reach them. Another than the loopback needs
    /// <see cref="Tls"/>.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// Listen on all addresses of the machine, and tell others <see cref="Address"/> only: for a container, which doesn't have the address
    /// under which it is reached.
    /// </summary>
    public bool ListenOnAny { get; set; }

    /// <summary>Where silos talk to each other.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Where game clients connect.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The certificates of silos and game clients; none: no TLS.</summary>
    public TlsSettings Tls { get; set; } = new();

    /// <summary>Whether Orleans' dashboard is at <c>/dashboard</c>; null: where a database makes a cluster.</summary>
    public bool? Dashboard { get; set; }

    /// <summary><see cref="Address"/>, after <see cref="Problem"/> found none.</summary>
    internal IPAddress IPAddress => IPAddress.Parse(Address);

    /// <summary>Certificate, key and authority; null: no TLS.</summary>
    /// <exception cref="TlsFilesException">Some of them are set, not all.</exception>
    internal TlsFiles? TlsFiles() => Banking.Tls.TlsFiles.Of($"{Prefix}:Tls:", Tls.Certificate, Tls.Key, Tls.Authority);

    /// <summary>What is wrong, as a sentence; null if nothing is.</summary>
    /// <exception cref="TlsFilesException">Some files are set, not all.</exception>
    internal string? Problem()
    {
        if (!IsPort(SiloPort)) return $"{Prefix}:SiloPort must be 1 to 65535.";
        if (!IsPort(GatewayPort)) return $"{Prefix}:GatewayPort must be 1 to 65535.";
        if (SiloPort == GatewayPort) return $"{Prefix}:SiloPort and GatewayPort must differ.";
        if (!IsAddress(Address, out var address)) return $"{Prefix}:Address must be an IP address such as 10.0.0.5, not '{Address}'.";
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return $"{Prefix}:Address is {Address}, which nobody can connect to: it must be the one under which others reach this "
                + $"machine. {Prefix}:ListenOnAny listens on all.";
        if ((IPAddress.IsLoopback(address) && !ListenOnAny) || TlsFiles() is not null) return null;
        var reachable = ListenOnAny ? $"{Prefix}:ListenOnAny makes silo and gateway" : $"{Prefix}:Address {Address} makes silo and gateway";
        return $"{reachable} reachable from other machines, and nobody would be asked who calls: set {Prefix}:Tls:Certificate, Key and "
            + "Authority.";
    }

    private static bool IsPort(int port) => port is >= 1 and <= 65_535;

    // 1 and 010.0.0.5 are addresses too to the parser, and others than they seem.
    private static bool IsAddress(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);
}

namespace Banking.Tls;

/// <summary>What a certificate is for; its extended key usages say so.</summary>
public enum PeerRole
{
    /// <summary>It connects to gateways: the certificate names <c>clientAuth</c>.</summary>
    Client,

    /// <summary>
    /// It is connected to, and connects to other silos: the certificate names <c>serverAuth</c> and <c>clientAuth</c>. One of a client
    /// alone opens no silo's port.
    /// </summary>
    Silo,
}

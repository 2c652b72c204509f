using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Banking.Tls;

/// <summary>Mutual TLS on all connections of Orleans: each side shows a certificate, and checks the other's.</summary>
public static class TlsHosting
{
    /// <summary>Uses it between silos and at the gateway.</summary>
    public static ISiloBuilder UseMutualTls(this ISiloBuilder silo, TlsIdentity identity) =>
        silo.Configure<SiloConnectionOptions>(connections =>
    {
        connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(identity.Expecting(PeerRole.Silo, connection)));
        connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(identity.Expecting(PeerRole.Silo, connection)));
        connections.ConfigureGatewayInboundConnection(
            connection => connection.UseServerTls(identity.Expecting(PeerRole.Client, connection)));
    });

    /// <summary>Uses it for connections to the gateways of silos.</summary>
    public static IClientBuilder UseMutualTls(this IClientBuilder client, TlsIdentity identity) =>
        client.Configure<ClientConnectionOptions>(connections =>
        connections.ConfigureConnection(connection => connection.UseClientTls(identity.Expecting(PeerRole.Silo, connection))));

    private static TlsOptions Expecting(this TlsIdentity identity, PeerRole peer, IConnectionBuilder connection) => new()
    {
        LocalCertificate = identity.Certificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = new PeerCheck(
            identity.Peers, peer, connection.ApplicationServices.GetRequiredService<ILogger<PeerCheck>>()).Accept,
    };
}

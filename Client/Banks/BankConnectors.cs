using System.Net;

namespace Banking.Client.Banks;

internal static class BankConnectors
{
    /// <summary>Through the gateway if one is named, else over HTTP.</summary>
    /// <exception cref="CommandFailedException">The gateway does not answer.</exception>
    public static async Task<IBankConnector> ConnectAsync(Uri url, DnsEndPoint? gateway, TimeProvider time, CancellationToken cancellationToken) =>
        gateway is null ? new HttpBankConnector(url, time) : await GatewayBankConnector.ConnectAsync(gateway, time, cancellationToken);
}

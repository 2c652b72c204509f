using System.Net;

namespace Banking.Client.Banks;

internal static class BankConnectors
{
    /// <summary>Through gateways if some are named, else over HTTP.</summary>
    /// <exception cref="CommandFailedException">No gateway answers.</exception>
    public static async Task<IBankConnector> ConnectAsync(IReadOnlyList<Uri> urls, IReadOnlyList<DnsEndPoint> gateways, TimeProvider time, CancellationToken cancellationToken) =>
        gateways.Count == 0 ? new HttpBankConnector(urls, time) : await GatewayBankConnector.ConnectAsync(gateways, time, cancellationToken);
}

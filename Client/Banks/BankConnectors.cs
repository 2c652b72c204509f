using System.Net;

namespace Banking.Client.Banks;

internal static class BankConnectors
{
    /// <summary>Through gateways if some are named, else over HTTP.</summary>
    /// <exception cref="CommandFailedException">No gateway answers, or the certificate for them can't be used.</exception>
    public static async Task<IBankConnector> ConnectAsync(IReadOnlyList<Uri> urls, IReadOnlyList<DnsEndPoint> gateways, Terminal terminal, CancellationToken cancellationToken) =>
        gateways.Count == 0
            ? new HttpBankConnector(urls, terminal.Time)
            : await GatewayBankConnector.ConnectAsync(gateways, GatewayTls.Of(terminal), terminal.Time, cancellationToken);
}

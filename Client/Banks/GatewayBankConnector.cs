using System.Net;
using System.Net.Sockets;
using Banking.Client.Terminals;
using Banking.Tls;

namespace Banking.Client.Banks;

/// <summary>The bank's grains, called through the Orleans gateways of one or several silos.</summary>
internal sealed class GatewayBankConnector : IBankConnector
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly List<GatewayClient> _clients = [];
    private readonly SiloChoice _choice;
    private readonly TimeProvider _time;

    private GatewayBankConnector(SiloChoice choice, TimeProvider time) => (_choice, _time) = (choice, time);

    /// <summary>Returns when one gateway answers; the others are connected to as soon as they do.</summary>
    /// <param name="identity">For TLS; null for none.</param>
    /// <exception cref="CommandFailedException">No gateway answers.</exception>
    public static async Task<GatewayBankConnector> ConnectAsync(
        IReadOnlyList<DnsEndPoint> gateways, TlsIdentity? identity, TimeProvider time, CancellationToken cancellationToken)
    {
        var connector = new GatewayBankConnector(new SiloChoice(gateways.Count, time), time);
        var clients = connector._clients;
        try
        {
            foreach (var gateway in gateways) clients.Add(await GatewayClient.StartAsync(gateway, identity, time, cancellationToken));
            await await Task.WhenAny(clients.Select(client => client.Connected)).WaitAsync(ConnectTimeout, time, cancellationToken);
            return connector;
        }
        catch (Exception failure)
        {
            await connector.DisposeAsync();
            if (failure is not (OrleansException or TimeoutException or SocketException)) throw;
            var reason = clients.Select(client => client.LastFailure).FirstOrDefault(last => last is not null) ?? failure;
            throw new CommandFailedException(
                $"The gateway{(clients.Count == 1 ? "" : "s")} {string.Join(", ", clients)} can't be reached: {reason.Message}", failure);
        }
    }

    /// <summary>Grains through a gateway that has answered.</summary>
    public IGrainFactory Grains => _clients.First(client => client.Connected.IsCompletedSuccessfully).Grains;

    // Used even for a single gateway: Orleans tells nobody that the connection for a call's answer is gone, so only the timeout ends the
    // call.
    public IBank Open() =>
        new FailoverBank([.. _clients.Select(client => client.Open())], _choice, _choice.NextHome(), _time);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
    }
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Banking.Client.Banks;

/// <summary>The bank's grains, called through one silo's Orleans gateway.</summary>
internal sealed class GatewayBankConnector : IBankConnector
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly IHost _host;
    private readonly TimeProvider _time;

    private GatewayBankConnector(IHost host, TimeProvider time) => (_host, _time) = (host, time);

    /// <exception cref="CommandFailedException">No gateway answers there.</exception>
    public static async Task<GatewayBankConnector> ConnectAsync(DnsEndPoint gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        var address = await ResolveAsync(gateway, cancellationToken);
        // The command line is this program's own: settings files and logs of the folder it runs in don't concern it.
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client
            .UseStaticClustering(new IPEndPoint(address, gateway.Port))
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("banking", "banking")));
        var host = builder.Build();
        try
        {
            // Left alone the client would go on trying for as long as nobody answers.
            await host.StartAsync(cancellationToken).WaitAsync(ConnectTimeout, time, cancellationToken);
            return new GatewayBankConnector(host, time);
        }
        catch (Exception failure)
        {
            host.Dispose();
            if (failure is not (OrleansException or TimeoutException or SocketException)) throw;
            throw new CommandFailedException($"The gateway {gateway.Host}:{gateway.Port} can't be reached: {failure.Message}", failure);
        }
    }

    public IBank Open() => new GatewayBank(_host.Services.GetRequiredService<IClusterClient>());

    public async ValueTask DisposeAsync()
    {
        using var impatience = new CancellationTokenSource(StopTimeout, _time);
        await _host.StopAsync(impatience.Token);
        _host.Dispose();
    }

    private static async Task<IPAddress> ResolveAsync(DnsEndPoint gateway, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(gateway.Host, cancellationToken);
            return Array.Find(addresses, address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        }
        catch (SocketException failure)
        {
            throw new CommandFailedException($"The gateway's host {gateway.Host} is not known: {failure.Message}", failure);
        }
    }
}

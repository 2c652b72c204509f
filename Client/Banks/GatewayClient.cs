using System.Net;
using System.Net.Sockets;
using Banking.Client.Terminals;
using Banking.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Banking.Client.Banks;

/// <summary>
/// An Orleans client of one gateway, which connects and reconnects for as long as it lives. With several gateways an Orleans client would
/// keep each grain at the gateway that it first got: one that hangs but keeps its connection would hold up those grains' calls all that
/// time.
/// </summary>
internal sealed class GatewayClient : IAsyncDisposable
{
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly IHost _host;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();

    private GatewayClient(IHost host, string name, TimeProvider time)
    {
        (_host, _name, _time) = (host, name, time);
        Connected = Task.Run(() => host.StartAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>Completes when the gateway has answered for the first time.</summary>
    public Task Connected { get; }

    /// <summary>Why the last attempt to connect failed; null before that.</summary>
    public Exception? LastFailure { get; private set; }

    /// <param name="identity">For TLS; null for none.</param>
    /// <exception cref="CommandFailedException">The host's name is not known.</exception>
    public static async Task<GatewayClient> StartAsync(
        DnsEndPoint gateway, TlsIdentity? identity, TimeProvider time, CancellationToken cancellationToken)
    {
        var address = await ResolveAsync(gateway, cancellationToken);
        GatewayClient? client = null;
        // The command line is this program's own: the settings files and log settings of the folder it runs in must not affect it.
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(orleans =>
        {
            if (identity is not null) orleans.UseMutualTls(identity);
            orleans.UseStaticClustering(new IPEndPoint(address, gateway.Port))
                .UseConnectionRetryFilter(async (failure, token) =>
                {
                    client?.LastFailure = failure;
                    await Task.Delay(ConnectAgainAfter, time, token);
                    return true;
                })
                .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = FailoverBank.LongestWait)
                .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("banking", "banking"));
        });
        return client = new GatewayClient(builder.Build(), $"{gateway.Host}:{gateway.Port}", time);
    }

    /// <summary>The bank's grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IClusterClient>();

    public IBank Open() => new GatewayBank(Grains, this);

    public override string ToString() => _name;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Connected.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Connected.IsCompletedSuccessfully)
        {
            using var impatience = new CancellationTokenSource(StopTimeout, _time);
            await _host.StopAsync(impatience.Token);
        }

        _host.Dispose();
        _stopping.Dispose();
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

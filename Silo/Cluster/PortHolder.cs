using System.Net;
using Banking.Silo.Listening;
using Banking.Silo.Starting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Banking.Silo.Cluster;

/// <summary>
/// Takes the silo's and the gateway's port before Orleans and everything else starts, so that a port in use gives a single sentence before
/// anything has begun.
/// </summary>
internal sealed class PortHolder(
    ExclusivePorts ports, IServiceProvider services, PortHolder.Keys keys, IOptions<EndpointOptions> endpoints,
    IConfiguration configuration) : IHostedService
{
    /// <summary>The keys under which Orleans looks for the factories of its listeners.</summary>
    internal sealed record Keys(IReadOnlyList<object> OfFactories);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var factory = (HeldPorts)services.GetRequiredKeyedService<IConnectionListenerFactory>(keys.OfFactories[0]);
        var options = endpoints.Value;
        var silo = options.SiloListeningEndpoint ?? new IPEndPoint(options.AdvertisedIPAddress, options.SiloPort);
        var gateway = options.GatewayListeningEndpoint ?? new IPEndPoint(options.AdvertisedIPAddress, options.GatewayPort);
        try
        {
            await ports.HoldAsync(factory.Inner, silo, port => $"--Banking:Cluster:SiloPort {port}", cancellationToken);
            await ports.HoldAsync(factory.Inner, gateway, port => $"--Banking:Cluster:GatewayPort {port}", cancellationToken);
            ProveHttp(HttpEndpoints.Of(configuration));
        }
        catch
        {
            await ports.ReleaseAsync();
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => ports.ReleaseAsync();

    /// <summary>Must be called before anything that starts with the host is registered.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<ExclusivePorts>();
        services.AddHostedService<PortHolder>();
    }

    /// <summary>Puts the held ports before the factories that Orleans registered.</summary>
    /// <exception cref="InvalidOperationException">Orleans registers them differently than it used to, and would share its
    /// ports.</exception>
    public static void Attach(IServiceCollection services)
    {
        ServiceDescriptor[] factories =
            [.. services.Where(service => service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory))];
        if (factories.Length == 0)
        {
            throw new InvalidOperationException("Orleans registers no factory of listeners: its ports can't be taken exclusively.");
        }
        foreach (var registered in factories)
        {
            services.Remove(registered);
            services.AddKeyedSingleton<IConnectionListenerFactory>(registered.ServiceKey, (provider, key) => new HeldPorts(
                (IConnectionListenerFactory)(registered.KeyedImplementationFactory?.Invoke(provider, key)
                    ?? ActivatorUtilities.CreateInstance(provider, registered.KeyedImplementationType!)),
                provider.GetRequiredService<ExclusivePorts>()));
        }

        services.AddSingleton(new Keys([.. factories.Select(factory => factory.ServiceKey!)]));
    }

    // Kestrel binds its ports last, and exclusively: a silo that has joined its cluster by then would have to leave it again.
    private static void ProveHttp(IEnumerable<HttpEndpoint> endpoints)
    {
        HashSet<IPEndPoint> proven = [];
        foreach (var http in endpoints.Where(endpoint => endpoint.Address.Port != 0))
        {
            foreach (var endPoint in http.Addresses.Select(address => new IPEndPoint(address, http.Address.Port)))
            {
                if (!proven.Add(endPoint)) throw new StartException($"{http.Setting} names {endPoint} twice.");
                ExclusivePorts.Prove(endPoint, port => $"{http.Setting} {http.Address.Scheme}://{http.Address.Host}:{port}");
            }
        }
    }

    /// <summary>Gives Orleans the listener that is bound already.</summary>
    private sealed class HeldPorts(IConnectionListenerFactory inner, ExclusivePorts ports) : IConnectionListenerFactory
    {
        public IConnectionListenerFactory Inner => inner;

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ports.TryTake(endpoint, out var listener)
            ? ValueTask.FromResult(listener)
            : throw new InvalidOperationException($"Orleans binds {endpoint}, which was not taken for it.");
    }
}

using System.Net;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Banking.Silo.Listening;

/// <summary>
/// Refuses to bind an address that must not be reachable. What counts is what is bound in the end, whichever setting it comes from and
/// however that was read, also where settings are read again later.
/// </summary>
internal sealed class ListenerGate(
    IConnectionListenerFactory inner, IConfiguration configuration, HttpSettings http, bool hasAuthentication) : IConnectionListenerFactory
{
    /// <summary>Puts the gate before the transports that are registered, and takes away HTTP/3, which has other ones.</summary>
    public static void AddTo(IServiceCollection services, HttpSettings http, bool hasAuthentication)
    {
        services.RemoveAll<IMultiplexedConnectionListenerFactory>();
        foreach (var transport in services.Where(IsTransport).ToList())
        {
            services.Remove(transport);
            services.AddSingleton<IConnectionListenerFactory>(provider => new ListenerGate(
                (IConnectionListenerFactory)ActivatorUtilities.CreateInstance(provider, transport.ImplementationType!),
                provider.GetRequiredService<IConfiguration>(),
                http,
                hasAuthentication));
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (!hasAuthentication && !(endpoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address)))
            throw new StartException($"{endpoint} {HttpEndpoints.Reachable}");
        HttpEndpoints.CheckAll(configuration, http, hasAuthentication);
        return inner.BindAsync(endpoint, cancellationToken);
    }

    private static bool IsTransport(ServiceDescriptor service) =>
        !service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory);
}

using Banking.Silo.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Http;

/// <summary>
/// Kestrel with a bounded stop: it accepts no more requests, gives those under way a while to end, and then cuts off the rest. Such a rest
/// may be a client that has sent half a body, or does not read its answer. By itself Kestrel would wait for them as long as the host has
/// time, and leave none for the drain.
/// </summary>
internal sealed partial class BoundedServer(
    IServer kestrel, IOptions<StopSettings> stop, TimeProvider time, ILogger<BoundedServer> logger) : IServer
{
    public IFeatureCollection Features => kestrel.Features;

    /// <summary>Wraps the server that is registered.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var registered = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(registered);
        services.AddSingleton<IServer>(provider => new BoundedServer(
            (IServer)(
                registered.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(
                    provider, registered.ImplementationType!)),
            provider.GetRequiredService<IOptions<StopSettings>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BoundedServer>>()));
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => kestrel.StartAsync(application, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(stop.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await kestrel.StopAsync(either.Token);
        if (either.IsCancellationRequested) LogCutOff(stop.Value.RequestTimeout.TotalSeconds);
    }

    public void Dispose() => kestrel.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Some requests did not end within {Seconds} s of the stop: their connections were "
        + "cut off.")]
    private partial void LogCutOff(double seconds);
}

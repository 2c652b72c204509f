using Banking.Streaming;
using Banking.Streaming.Hosting;
using Banking.Streaming.Provider;

namespace Orleans.Hosting;

public static class LogStreamClientBuilderExtensions
{
    /// <summary>
    /// Adds the client's side of a provider, for producers and consumers that can reach the log themselves. The settings must be those of
    /// the silos.
    /// </summary>
    public static IClientBuilder AddLogStreams(
        this IClientBuilder builder,
        string name,
        Action<LogStreamOptions> configure,
        Action<IClusterClientPersistentStreamConfigurator>? configureStream = null)
    {
        builder.ConfigureServices(services => services.AddLogStreams(name, configure));
        return builder.AddPersistentStreams(name, LogAdapterFactory.Create, stream => configureStream?.Invoke(stream));
    }
}

using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Banking.Streaming;

/// <summary>What silo and client have in common.</summary>
internal static class LogStreamServices
{
    public static void AddLogStreams(this IServiceCollection services, string name, Action<LogStreamOptions> configure)
    {
        services.AddOptions<LogStreamOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LogStreamOptions>, LogStreamOptionsValidator>());
        services.AddKeyedSingleton(name, (_, _) => new LogStreamMetrics(name));
        services.AddKeyedSingleton(name, (provider, _) => ActivatorUtilities.CreateInstance<StreamDecoding>(
            provider, name, provider.GetRequiredService<IOptionsMonitor<LogStreamOptions>>().Get(name), provider.GetRequiredKeyedService<LogStreamMetrics>(name)));
    }
}

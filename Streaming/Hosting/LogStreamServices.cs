using Banking.Streaming.Log;
using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Banking.Streaming.Hosting;

/// <summary>What silo and client have in common.</summary>
internal static class LogStreamServices
{
    public static void AddLogStreams(this IServiceCollection services, string name, Action<LogStreamOptions> configure)
    {
        services.AddOptions<LogStreamOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LogStreamOptions>, LogStreamOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LogStreamOptions>, DeadLetterValidator>());
        services.AddKeyedSingleton(name, (_, _) => new LogStreamMetrics(name));
        services.AddKeyedSingleton(name, (provider, _) => CreateDeadLetters(provider, name));
        services.AddKeyedSingleton(name, (provider, _) => CreateDecoding(provider, name));
    }

    private static LogStreamOptions Options(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<LogStreamOptions>>().Get(name);

    private static DeadLetters CreateDeadLetters(IServiceProvider provider, string name) => new(
        provider.GetRequiredKeyedService<IDeadLetterLog>(name),
        name,
        Options(provider, name),
        provider.GetRequiredKeyedService<LogStreamMetrics>(name),
        provider.GetService<TimeProvider>() ?? TimeProvider.System,
        provider.GetRequiredService<ILogger<DeadLetters>>());

    private static StreamDecoding CreateDecoding(IServiceProvider provider, string name)
    {
        var options = Options(provider, name);
        return new StreamDecoding(
            name,
            options,
            provider,
            provider.GetRequiredService<Serializer>(),
            provider.GetRequiredKeyedService<LogStreamMetrics>(name),
            provider.GetRequiredService<ILogger<StreamDecoding>>(),
            options.FailurePolicy == FailurePolicy.DeadLetter ? provider.GetRequiredKeyedService<DeadLetters>(name) : null);
    }
}

/// <summary>Stops the start on a policy that needs a place for dead letters if the log has none.</summary>
internal sealed class DeadLetterValidator(IServiceProviderIsKeyedService services) : IValidateOptions<LogStreamOptions>
{
    public ValidateOptionsResult Validate(string? name, LogStreamOptions options) =>
        options.FailurePolicy != FailurePolicy.DeadLetter || services.IsKeyedService(typeof(IDeadLetterLog), name)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Streams '{name}': FailurePolicy is DeadLetter, but the log has no place for dead letters (no keyed IDeadLetterLog).");
}

using Banking.Storage.GroupCommit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Banking.Storage.Hosting;

/// <summary>Opens a database, with what every database needs.</summary>
/// <param name="name">The storage's name.</param>
internal delegate Task<IGrainRows> OpenRows<in TOptions>(
    string name, TOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken);

/// <summary>What is registered for a storage, whatever its database.</summary>
internal static class GroupCommitServices
{
    public static IServiceCollection AddGroupCommitStorage<TOptions>(
        this IServiceCollection services, string database, string name, Action<OptionsBuilder<TOptions>> configure, OpenRows<TOptions> open)
        where TOptions : GroupCommitOptions
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddOptions<TOptions>(name).ValidateOnStart());
        services.AddSingleton<IValidateOptions<TOptions>>(new GroupCommitOptionsValidator<TOptions>(database, name));
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton<IGrainIndex>(name, (provider, _) => (IGrainIndex)provider.GetRequiredKeyedService<IGrainStorage>(name));
        services.AddKeyedSingleton<IStorageContinuity>(
            name, (provider, _) => (IStorageContinuity)provider.GetRequiredKeyedService<IGrainStorage>(name));
        return services.AddGrainStorage(name, (provider, _) => Create(provider, name, open));
    }

    private static GroupCommitGrainStorage Create<TOptions>(IServiceProvider provider, string name, OpenRows<TOptions> open)
        where TOptions : GroupCommitOptions
    {
        var options = Options<TOptions>(provider, name);
        var time = provider.GetRequiredService<TimeProvider>();
        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger($"Banking.Storage.{name}");
        return new GroupCommitGrainStorage(
            name,
            options,
            options.GrainStorageSerializer
                ?? provider.GetKeyedService<IGrainStorageSerializer>(name)
                ?? new OrleansBinarySerializer(provider.GetRequiredService<Serializer>()),
            provider.GetRequiredService<IActivatorProvider>(),
            time,
            cancellationToken => open(name, options, time, logger, cancellationToken));
    }

    private static TOptions Options<TOptions>(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);
}

/// <summary>Stops the silo's start if a setting of a storage can't work, with a sentence that names it.</summary>
internal sealed class GroupCommitOptionsValidator<TOptions>(string database, string storage) : IValidateOptions<TOptions>
    where TOptions : GroupCommitOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        name != storage ? ValidateOptionsResult.Skip
        : options.Problem() is { } problem ? ValidateOptionsResult.Fail($"{database} grain storage '{storage}': {problem}.")
        : ValidateOptionsResult.Success;
}

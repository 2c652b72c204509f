using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Tests.Log;

/// <summary>
/// A log of one test's own, of one kind: with four partitions, empty, the first record of each at offset 0. Initializing makes it, or
/// skips the test where it can't be had; disposing removes it. The containers of a test (silos, clients) open it beside and after each
/// other.
/// </summary>
public interface ITestLog : IAsyncLifetime
{
    const string Name = "log";

    /// <summary>Registers the log as the keyed service <see cref="Name"/>.</summary>
    void AddTo(IServiceCollection services);
}

internal static class TestLogExtensions
{
    /// <summary>A container with the log, open.</summary>
    public static async Task<ServiceProvider> Open(this ITestLog log, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        log.AddTo(services);
        var provider = services.BuildServiceProvider();
        await provider.Log().OpenAsync(cancellationToken);
        return provider;
    }

    public static IPartitionedLog Log(this IServiceProvider services) => services.GetRequiredKeyedService<IPartitionedLog>(ITestLog.Name);
}

using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;
using Banking.Streaming.Tests.Provider;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Tests.Sqlite;

/// <summary>A file whose answers come late and without wake-ups, as those of a plain log behind a network.</summary>
public sealed class SlowSqliteTestLog : ITestLog
{
    private const string Inner = "inner";

    private readonly SqliteTestLog _log = new();

    public ValueTask InitializeAsync() => _log.InitializeAsync();

    public void AddTo(IServiceCollection services)
    {
        _log.AddTo(services, Inner);
        services.AddKeyedSingleton<IPartitionedLog>(
            ITestLog.Name, (provider, _) => new SlowLog(provider.GetRequiredKeyedService<IPartitionedLog>(Inner)));
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();
}

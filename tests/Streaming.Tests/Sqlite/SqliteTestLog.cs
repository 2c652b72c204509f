using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Tests.Sqlite;

/// <summary>A file in a folder of its own.</summary>
public sealed class SqliteTestLog : ITestLog
{
    private readonly TemporaryFolder _folder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public void AddTo(IServiceCollection services) => AddTo(services, ITestLog.Name);

    public void AddTo(IServiceCollection services, string name) =>
        services.AddSqliteLog(name, options => (options.Path, options.Partitions) = (_folder.File("log.db"), 4));

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

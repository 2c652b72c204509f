using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Banking.Storage.Tests.Sqlite;

/// <summary>A SQLite storage wired as in a silo, without the rest of one.</summary>
internal sealed class StorageUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Lifecycle _lifecycle = new();
    private bool _isStopped;

    private StorageUnderTest(Action<SqliteGrainStorageOptions> configure, TimeProvider? time)
    {
        var services = new ServiceCollection();
        if (time is not null) services.AddSingleton(time);
        services.AddLogging();
        services.AddSerializer();
        services.AddSqliteGrainStorage("test", options => options.Configure(configure));
        _services = services.BuildServiceProvider();
        Storage = _services.GetRequiredKeyedService<IGrainStorage>("test");
        Index = _services.GetRequiredKeyedService<IGrainIndex>("test");
        ((ILifecycleParticipant<ISiloLifecycle>)Storage).Participate(_lifecycle);
    }

    public IGrainStorage Storage { get; }

    public IGrainIndex Index { get; }

    public static async Task<StorageUnderTest> Start(Action<SqliteGrainStorageOptions> configure, TimeProvider? time = null)
    {
        var storage = new StorageUnderTest(configure, time);
        try
        {
            foreach (var validator in storage._services.GetServices<IConfigurationValidator>()) validator.ValidateConfiguration();
            await storage._lifecycle.OnStart();
        }
        catch
        {
            await storage._services.DisposeAsync();
            throw;
        }

        return storage;
    }

    public static Task<StorageUnderTest> Start(string path) => Start(options => options.Path = path);

    public async Task Stop()
    {
        if (_isStopped) return;
        _isStopped = true;
        await _lifecycle.OnStop();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await _services.DisposeAsync();
    }

    private sealed class Lifecycle() : LifecycleSubject(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance), ISiloLifecycle
    {
        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;
    }
}

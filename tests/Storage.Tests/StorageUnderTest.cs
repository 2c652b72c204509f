using Banking.Storage.Postgres;
using Banking.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Storage;

namespace Banking.Storage.Tests;

/// <summary>A storage wired as in a silo, without the rest of one.</summary>
internal sealed class StorageUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Lifecycle _lifecycle = new();
    private bool _isStopped;

    private StorageUnderTest(Action<IServiceCollection> add, TimeProvider? time)
    {
        var services = new ServiceCollection();
        if (time is not null) services.AddSingleton(time);
        services.AddLogging();
        services.AddSerializer();
        add(services);
        _services = services.BuildServiceProvider();
        Storage = _services.GetRequiredKeyedService<IGrainStorage>("test");
        Index = _services.GetRequiredKeyedService<IGrainIndex>("test");
        Continuity = _services.GetRequiredKeyedService<IStorageContinuity>("test");
        ((ILifecycleParticipant<ISiloLifecycle>)Storage).Participate(_lifecycle);
    }

    public IGrainStorage Storage { get; }

    public IGrainIndex Index { get; }

    public IStorageContinuity Continuity { get; }

    public static Task<StorageUnderTest> Start(string path) => Start(options => options.Path = path);

    public static Task<StorageUnderTest> Start(Action<SqliteGrainStorageOptions> configure, TimeProvider? time = null) =>
        Start(services => services.AddSqliteGrainStorage("test", options => options.Configure(configure)), time);

    public static Task<StorageUnderTest> StartPostgres(Action<PostgresGrainStorageOptions> configure, TimeProvider? time = null) =>
        Start(services => services.AddPostgresGrainStorage("test", options => options.Configure(configure)), time);

    private static async Task<StorageUnderTest> Start(Action<IServiceCollection> add, TimeProvider? time)
    {
        var storage = new StorageUnderTest(add, time);
        try
        {
            storage._services.GetRequiredService<IStartupValidator>().Validate();
            await storage._lifecycle.OnStart();
        }
        catch
        {
            await storage._services.DisposeAsync();
            throw;
        }

        return storage;
    }

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

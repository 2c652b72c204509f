using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;
using Orleans.Storage;

namespace Banking.Benchmarks.Storage;

/// <summary>The SQLite grain storage without the silo around it.</summary>
internal sealed class StartedStorage : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Lifecycle _lifecycle = new();

    private StartedStorage(string path)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSerializer();
        services.AddSqliteGrainStorage("bench", options => options.Configure(storage => storage.Path = path));
        _services = services.BuildServiceProvider();
        Storage = _services.GetRequiredKeyedService<IGrainStorage>("bench");
        ((ILifecycleParticipant<ISiloLifecycle>)Storage).Participate(_lifecycle);
    }

    public IGrainStorage Storage { get; }

    public static async Task<StartedStorage> OpenAsync(string path)
    {
        var storage = new StartedStorage(path);
        await storage._lifecycle.OnStart();
        return storage;
    }

    public async ValueTask DisposeAsync()
    {
        await _lifecycle.OnStop();
        await _services.DisposeAsync();
    }

    private sealed class Lifecycle() : LifecycleSubject(NullLogger.Instance), ISiloLifecycle
    {
        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Banking.Benchmarks.Storage;

/// <summary>A grain storage without the silo around it.</summary>
internal sealed class StartedStorage : IAsyncDisposable
{
    private const string Name = "bench";
    private readonly ServiceProvider _services;
    private readonly Lifecycle _lifecycle = new();

    private StartedStorage(Action<IServiceCollection, string> add)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSerializer();
        services.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Name, Name));
        add(services, Name);
        _services = services.BuildServiceProvider();
        Storage = _services.GetRequiredKeyedService<IGrainStorage>(Name);
        ((ILifecycleParticipant<ISiloLifecycle>)Storage).Participate(_lifecycle);
    }

    public IGrainStorage Storage { get; }

    /// <param name="add">Registers the storage under the name that it is given.</param>
    public static async Task<StartedStorage> OpenAsync(Action<IServiceCollection, string> add)
    {
        var storage = new StartedStorage(add);
        await storage._lifecycle.OnStart();
        return storage;
    }

    /// <summary>
    /// Orleans' own database storage. States take the same few bytes as in ours, and not the JSON that it would write by default.
    /// </summary>
    public static Task<StartedStorage> OpenStockAsync(string invariant, string connectionString) => OpenAsync((services, name) =>
        services.AddAdoNetGrainStorage(name, options => options.Configure<Serializer>((stock, serializer) =>
        {
            stock.Invariant = invariant;
            stock.ConnectionString = connectionString;
            stock.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        })));

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

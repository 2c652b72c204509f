using System.Collections.Concurrent;
using Banking.Streaming.Hosting;
using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Banking.Streaming.Tests.Provider;

/// <summary>A cluster of silos in this process over one log, with a client that produces into the same log.</summary>
internal sealed class StreamCluster : IAsyncDisposable
{
    public const string Provider = ITestLog.Name;

    private const string SetupId = nameof(SetupId);

    /// <summary>Configurators are made by the host, which hands them texts only.</summary>
    private static readonly ConcurrentDictionary<string, Setup> Setups = new();

    private readonly TestCluster _cluster;

    private StreamCluster(TestCluster cluster) => _cluster = cluster;

    public TestCluster Cluster => _cluster;

    public IPartitionedLog Log => _cluster.ServiceProvider.Log();

    /// <summary>A cluster whose log is open.</summary>
    /// <param name="letters">Where dead letters go, instead of the log's own place for them.</param>
    /// <param name="silo">What else the silos get.</param>
    /// <param name="looked">Hears of a partition whose group's offset a silo was told.</param>
    public static async Task<StreamCluster> Start(
        ITestLog log,
        int silos = 1,
        Action<LogStreamOptions>? configure = null,
        IDeadLetterLog? letters = null,
        Action<ISiloBuilder>? silo = null,
        Action<int>? looked = null)
    {
        if (looked is not null) silo += builder => Replace(builder.Services, log => WatchedLog.Create(log, looked));
        var cluster = await Deploy(log, silos, configure, letters, silo);
        await cluster.Log.OpenAsync(TestContext.Current.CancellationToken);
        return cluster;
    }

    /// <summary>A cluster that runs, whether its log is there or not.</summary>
    /// <param name="opened">When the log opens; it is open at once if this is null.</param>
    public static async Task<StreamCluster> Deploy(
        ITestLog log,
        int silos = 1,
        Action<LogStreamOptions>? configure = null,
        IDeadLetterLog? letters = null,
        Action<ISiloBuilder>? silo = null,
        Task? opened = null)
    {
        var builder = new TestClusterBuilder((short)silos);
        var id = Guid.NewGuid().ToString("N");
        builder.Properties[SetupId] = id;
        Setups[id] = new Setup(log, configure ?? (_ => { }), letters, silo, opened);
        builder.AddSiloBuilderConfigurator<SiloConfigurator>();
        builder.AddClientBuilderConfigurator<ClientConfigurator>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new StreamCluster(cluster);
    }

    public IAsyncStream<T> Stream<T>(string name, string key) =>
        _cluster.Client.GetStreamProvider(Provider).GetStream<T>(StreamId.Create(name, key));

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    private static void Replace(IServiceCollection services, Func<IPartitionedLog, IPartitionedLog> wrap)
    {
        var log = services.Last(service => service.ServiceType == typeof(IPartitionedLog) && Provider.Equals(service.ServiceKey));
        services.Remove(log);
        services.AddKeyedSingleton(Provider, (provider, key) => wrap((IPartitionedLog)log.KeyedImplementationFactory!(provider, key)));
    }

    private sealed class SiloConfigurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            var setup = Setups[siloBuilder.Configuration[SetupId]!];
            setup.AddTo(siloBuilder.Services);
            siloBuilder.AddMemoryGrainStorage("PubSubStore");
            siloBuilder.AddLogStreams(Provider, setup.Configure);
            setup.Silo?.Invoke(siloBuilder);
        }
    }

    private sealed class ClientConfigurator : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder)
        {
            var setup = Setups[configuration[SetupId]!];
            setup.AddTo(clientBuilder.Services);
            clientBuilder.AddLogStreams(Provider, setup.Configure);
        }
    }

    private sealed record Setup(
        ITestLog Log, Action<LogStreamOptions> Configure, IDeadLetterLog? Letters, Action<ISiloBuilder>? Silo, Task? Opened)
    {
        public void AddTo(IServiceCollection services)
        {
            Log.AddTo(services);
            if (Letters is not null) services.AddKeyedSingleton(Provider, Letters);
            if (Opened is not null) Replace(services, log => new LateLog(log, Opened));
        }
    }
}

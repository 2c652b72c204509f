using System.Collections.Concurrent;
using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;
using Microsoft.Extensions.Configuration;
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

    public static async Task<StreamCluster> Start(ITestLog log, int silos = 1, Action<LogStreamOptions>? configure = null)
    {
        var builder = new TestClusterBuilder((short)silos);
        var id = Guid.NewGuid().ToString("N");
        builder.Properties[SetupId] = id;
        Setups[id] = new Setup(log, configure ?? (_ => { }));
        builder.AddSiloBuilderConfigurator<SiloConfigurator>();
        builder.AddClientBuilderConfigurator<ClientConfigurator>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        await cluster.ServiceProvider.Log().OpenAsync(TestContext.Current.CancellationToken);
        return new StreamCluster(cluster);
    }

    public IAsyncStream<T> Stream<T>(string name, string key) =>
        _cluster.Client.GetStreamProvider(Provider).GetStream<T>(StreamId.Create(name, key));

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    private sealed class SiloConfigurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            var setup = Setups[siloBuilder.Configuration[SetupId]!];
            setup.Log.AddTo(siloBuilder.Services);
            siloBuilder.AddMemoryGrainStorage("PubSubStore");
            siloBuilder.AddLogStreams(Provider, setup.Configure);
        }
    }

    private sealed class ClientConfigurator : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder)
        {
            var setup = Setups[configuration[SetupId]!];
            setup.Log.AddTo(clientBuilder.Services);
            clientBuilder.AddLogStreams(Provider, setup.Configure);
        }
    }

    private sealed record Setup(ITestLog Log, Action<LogStreamOptions> Configure);
}

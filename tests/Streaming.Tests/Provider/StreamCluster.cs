using System.Collections.Concurrent;
using Banking.Streaming.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Banking.Streaming.Tests.Provider;

/// <summary>A cluster of silos in this process over one log file, with a client that produces into the same log.</summary>
internal sealed class StreamCluster : IAsyncDisposable
{
    public const string Provider = "log";

    private static readonly ConcurrentDictionary<string, Action<LogStreamOptions>> Options = new();

    private readonly TestCluster _cluster;

    private StreamCluster(TestCluster cluster) => _cluster = cluster;

    public TestCluster Cluster => _cluster;

    public IPartitionedLog Log => _cluster.ServiceProvider.GetRequiredKeyedService<IPartitionedLog>(Provider);

    public static async Task<StreamCluster> Start(string file, int silos = 1, Action<LogStreamOptions>? configure = null)
    {
        var builder = new TestClusterBuilder((short)silos);
        builder.Properties["LogFile"] = file;
        Options[file] = configure ?? (_ => { });
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

    /// <summary>A file whose name begins with "slow" gets a log that answers late and can't wake, like one behind a network.</summary>
    private static void AddLog(IServiceCollection services, string file)
    {
        services.AddKeyedSingleton<IDeadLetterLog>(Provider, MemoryLetters.Of(file));
        var name = Path.GetFileName(file).StartsWith("slow", StringComparison.Ordinal) ? "inner" : Provider;
        services.AddSqliteLog(name, options => (options.Path, options.Partitions) = (file, 4));
        if (name != Provider)
            services.AddKeyedSingleton<IPartitionedLog>(Provider, (provider, _) => new SlowLog(provider.GetRequiredKeyedService<IPartitionedLog>(name)));
    }

    private sealed class SiloConfigurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            var file = siloBuilder.Configuration["LogFile"]!;
            AddLog(siloBuilder.Services, file);
            siloBuilder.AddMemoryGrainStorage("PubSubStore");
            siloBuilder.AddLogStreams(Provider, Options[file]);
        }
    }

    private sealed class ClientConfigurator : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder)
        {
            var file = configuration["LogFile"]!;
            AddLog(clientBuilder.Services, file);
            clientBuilder.AddLogStreams(Provider, Options[file]);
        }
    }
}

using System.Globalization;
using System.Net;
using Banking.Benchmarks.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;

namespace Banking.Benchmarks.Streams;

/// <summary>A client with the provider over a topic, of a silo that has no streams: it only produces, and nobody consumes.</summary>
internal sealed class StreamClient : IAsyncDisposable
{
    private const string Provider = "kafka";

    private readonly IHost _silo;
    private readonly IHost _client;

    private StreamClient(IHost silo, IHost client) => (_silo, _client) = (silo, client);

    public static async Task<StreamClient> StartAsync(string servers, string topic, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(2);
        var silo = Quiet();
        silo.UseOrleans(builder => builder.UseLocalhostClustering(
            ports[0], ports[1], new IPEndPoint(IPAddress.Loopback, ports[0]), serviceId: "bench", clusterId: "bench"));
        var client = Quiet();
        client.UseOrleansClient(builder => builder
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, ports[1]))
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("bench", "bench"))
            .AddKafkaStreams(
                Provider,
                kafka => (kafka.BootstrapServers, kafka.Topic) = (servers, topic),
                streams =>
                {
                    streams.PartitionNamespace = CountingGrain.Namespace;
                    streams.Codecs[CountingGrain.Namespace] = _ => new BytesCodec();
                }));
        var started = new StreamClient(silo.Build(), client.Build());
        await started._silo.StartAsync(cancellationToken);
        await started._client.StartAsync(cancellationToken);
        return started;
    }

    public IAsyncStream<byte[]> Partition(int partition) => _client.Services.GetRequiredKeyedService<IStreamProvider>(Provider)
        .GetStream<byte[]>(StreamId.Create(CountingGrain.Namespace, partition.ToString(CultureInfo.InvariantCulture)));

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        await _silo.StopAsync();
        _client.Dispose();
        _silo.Dispose();
    }

    private static HostApplicationBuilder Quiet()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        return builder;
    }
}

using System.Globalization;
using System.Net;
using Banking.Benchmarks.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Banking.Benchmarks.Streams;

/// <summary>A silo in this process with the provider over a topic.</summary>
internal sealed class StreamSilo : IAsyncDisposable
{
    private const string Provider = "kafka";

    private readonly IHost _host;

    private StreamSilo(IHost host) => _host = host;

    public static async Task<StreamSilo> StartAsync(string servers, string topic, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(2);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(
                ports[0], ports[1], new IPEndPoint(IPAddress.Loopback, ports[0]), serviceId: "bench", clusterId: "bench")
            .AddMemoryGrainStorage("PubSubStore")
            .AddKafkaStreams(
                Provider,
                kafka => (kafka.BootstrapServers, kafka.Topic) = (servers, topic),
                streams =>
                {
                    streams.PartitionNamespace = CountingGrain.Namespace;
                    streams.Codecs[CountingGrain.Namespace] = _ => new BytesCodec();
                }));
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new StreamSilo(host);
    }

    public IAsyncStream<byte[]> Partition(int partition) => _host.Services.GetRequiredKeyedService<IStreamProvider>(Provider)
        .GetStream<byte[]>(StreamId.Create(CountingGrain.Namespace, partition.ToString(CultureInfo.InvariantCulture)));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

using System.Diagnostics;
using System.Net;
using Banking.Silo.Cluster;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Banking.Silo.Streams;
using Banking.Sink;
using Banking.Sink.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Banking.Simulations.Tests.Moves;

/// <summary>
/// A silo of a cluster of several processes: streams on Kafka and the sink, put together and logging as in the program. The first one
/// keeps the membership, pulls its share of the partitions, and has no sink grains, so that all of them are where silos come and go.
/// </summary>
public sealed class MovingSiloProgram
{
    /// <summary>No test: the process that <see cref="MovingSilo"/> starts. It ends when told to, or with its parent.</summary>
    [Fact(Explicit = true)]
    public async Task Run_UntilStopped()
    {
        if (MovingSiloSettings.OfThisProcess() is not { } settings) return;
        _ = Task.Run(EndWithParent, CancellationToken.None);
        using var data = DataDirectory.Open(Path.Combine(settings.Folder, settings.Name));
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Banking:DataDirectory", data.Path),
            new("Banking:Kafka:BootstrapServers", settings.BootstrapServers),
            new("Banking:Kafka:Topic", settings.Topic),
        ]);
        builder.UseOrleans(silo => Compose(silo, settings, data));
        using var host = builder.Build();
        await host.RunAsync(CancellationToken.None);
    }

    // The parent holds the other end of this one's input and writes nothing.
    private static void EndWithParent()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Process.GetCurrentProcess().Kill();
    }

    private static void Compose(ISiloBuilder silo, MovingSiloSettings settings, DataDirectory data)
    {
        silo.UseLocalhostClustering(
            settings.SiloPort,
            settings.GatewayPort,
            new IPEndPoint(IPAddress.Loopback, settings.PrimaryPort),
            ClusterHosting.ClusterId,
            ClusterHosting.ClusterId);
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            membership.NumMissedProbesLimit = 2;
            membership.NumVotesForDeathDeclaration = 1;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
        });

        // The streams' registrations; all silos of one machine may share the file.
        silo.AddSqliteGrainStorage(GameNames.Storage, storage => (storage.Path, storage.ExclusiveAccess) = (settings.Storage, false));
        silo.Services.AddSiloSettings(silo.Configuration);
        silo.AddEventStreams(new EmbeddedParts(silo.Configuration), data, settings.Group);
        silo.Services.AddLakeSink(lake =>
        {
            lake.ProviderName = GameNames.Streams;
            lake.Group = settings.Group;
            lake.Root = settings.Lake;
            lake.MaxAge = TimeSpan.FromSeconds(1);
            lake.MaxIdle = TimeSpan.FromMilliseconds(500);
        });
        if (settings.IsPrimary)
            silo.Services.PostConfigure<GrainTypeOptions>(
                grains => grains.Classes.RemoveWhere(grain => grain.Assembly == typeof(EventsStream).Assembly));
    }
}

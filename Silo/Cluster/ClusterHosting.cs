using System.Net;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Banking.Tls;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Banking.Silo.Cluster;

/// <summary>Makes a silo a member of its database's cluster, or a cluster by itself if no database is set.</summary>
internal static class ClusterHosting
{
    public const string ClusterId = "banking";

    private const int MissedProbes = 3;
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefreshTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Must be called before Orleans' own services are added, so that it starts before them and stops after them.</summary>
    public static void AddClusterMember(this IServiceCollection services, BankingSettings settings)
    {
        if (settings.Embedded.HasStorage) return;
        services.AddSingleton(provider => new ClusterDatabase(
            provider.GetRequiredService<IOptions<StorageSettings>>().Value.PostgreSql!, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ClusterLease(
            provider.GetRequiredService<ClusterDatabase>(), settings.Embedded.Settings,
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<ClusterMember>();
        services.AddSingleton(provider => new MembershipProof(
            MembershipProof.ValidityOf(
                provider.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value,
                provider.GetRequiredService<IOptions<GrainDirectoryOptions>>().Value),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<MembershipProver>();
    }

    /// <param name="identity">For TLS; null for none.</param>
    public static void UseBankingCluster(this ISiloBuilder silo, BankingSettings settings, TlsIdentity? identity)
    {
        var place = settings.Cluster;
        if (identity is not null) silo.UseMutualTls(identity);
        if (settings.Embedded.HasStorage)
        {
            silo.UseLocalhostClustering(
                place.SiloPort, place.GatewayPort, primarySiloEndpoint: new IPEndPoint(
                    place.IPAddress, place.SiloPort), serviceId: ClusterId, clusterId: ClusterId);
            silo.ConfigureEndpoints(place.IPAddress, place.SiloPort, place.GatewayPort, place.ListenOnAny);
            return;
        }

        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (ClusterId, ClusterId));
        silo.ConfigureEndpoints(place.IPAddress, place.SiloPort, place.GatewayPort, place.ListenOnAny);
        silo.UseAdoNetClustering((AdoNetClusteringSiloOptions clustering) => clustering.Invariant = "Npgsql");
        silo.Services.AddOptions<AdoNetClusteringSiloOptions>().Configure<ClusterDatabase>(
            (clustering, database) => clustering.DataSource = database.Source);
        silo.Configure<ClusterMembershipOptions>(Watch);

        // Orleans counts from when a dead silo may have failed. For as long after that as the silo may not know that it is dead, its grains
        // are kept from the others.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = (LongestProbe * MissedProbes) + RefreshTimeout);
        silo.Services.AddSingleton<IFatalErrorHandler, DeathNotice>();
        silo.AddIncomingGrainCallFilter<ProvenAnswers>();

        // Orleans calls it experimental. With the default directory an account may for a while have two activations when silos come and go,
        // and each then makes the other's writes fail.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
    }

    /// <summary>
    /// How the silos watch each other. A killed silo is out of the cluster after some 10 seconds, when two silos, or the only other one,
    /// have missed three probes 3 s apart. A silo that stalls with its connections open takes longer, up to 5 s x 3 after its last sign of
    /// life: one that is only slow is worth waiting for. The membership table is in the database. It does no harm if that is unavailable,
    /// but meanwhile nobody can join or be declared dead.
    /// </summary>
    private static void Watch(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(3);
        membership.MinProbeTimeout = TimeSpan.FromSeconds(3);
        membership.MaxProbeTimeout = LongestProbe;
        membership.NumMissedProbesLimit = MissedProbes;
        membership.NumVotesForDeathDeclaration = 2;

        // How long a silo that was declared dead while it was stalled or cut off may not know it.
        membership.TableRefreshTimeout = RefreshTimeout;

        // If all silos are killed at once, nobody is left to declare them dead: a silo that starts then waits only until their last sign of
        // life is this old (3 missed).
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.NumMissedTableIAmAliveLimit = 3;
    }
}

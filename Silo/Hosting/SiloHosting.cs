using Banking.Accounts;
using Banking.Events;
using Banking.Hosting;
using Banking.Silo.Accounts;
using Banking.Silo.Cluster;
using Banking.Silo.Health;
using Banking.Silo.Lake;
using Banking.Silo.Recovery;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Banking.Silo.Streams;
using Banking.Sink.Hosting;
using Banking.Storage;
using Banking.Tls;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Banking.Silo.Hosting;

/// <summary>Puts the rooms together: the game on its storage, its streams and its sink.</summary>
internal static class SiloHosting
{
    /// <summary>An account is loaded again in microseconds; a million idle ones in memory would help nobody.</summary>
    private static readonly TimeSpan IdleAge = TimeSpan.FromMinutes(2);

    /// <summary>Adds a silo to a process, with its data folder taken until the host is disposed.</summary>
    public static void AddBankingSilo(this WebApplicationBuilder builder, BankingSettings settings)
    {
        var identity = settings.Cluster.TlsFiles() is { } files ? TlsIdentity.Load(files, PeerRole.Silo, TimeProvider.System) : null;
        var data = settings.Embedded.Settings.Count > 0
            ? DataDirectory.Open(settings.DataDirectory)
            : DataDirectory.Unused(settings.DataDirectory);

        // If HDFS is unavailable now, that must not keep players out: the sink waits for it.
        if (LakeStores.IsFolder(settings.LakeRoot)) DataDirectory.CheckLake(settings.LakeRoot);
        builder.Services.AddSingleton(_ => data);
        builder.Services.TryAddSingleton(TimeProvider.System);
        PortHolder.AddTo(builder.Services);
        builder.Services.AddClusterMember(settings);
        builder.UseOrleans(silo =>
        {
            silo.UseBankingCluster(settings, identity);
            PortHolder.Attach(silo.Services);
            silo.AddClusterDashboard(settings);
            silo.AddBankingRooms(data, sharedFiles: false);
        });

        builder.Services.AddHostedService<IdleMemory>();

        // Added after the silo, so that it is stopped before it.
        builder.Services.AddHostedService<GracefulDrain>();
    }

    /// <summary>Adds everything of the game except clustering and HTTP, by the silo's configuration.</summary>
    /// <param name="sharedFiles">Whether several silos in this process share the embedded files.</param>
    public static void AddBankingRooms(this ISiloBuilder silo, DataDirectory data, bool sharedFiles)
    {
        var embedded = new EmbeddedParts(silo.Configuration);
        silo.Services.AddSiloSettings(silo.Configuration);
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = IdleAge);
        silo.AddBankingGame();
        silo.AddGameStorage(embedded, data, sharedFiles);
        silo.AddEventStreams(embedded, data, LakeProgress.Group);
        silo.Services.AddLakeSink(lake => (lake.ProviderName, lake.Group) = (GameNames.Streams, LakeProgress.Group));
        silo.Services.AddFindings();
        silo.Services.AddSingleton<IEventPartitions, EventPartitions>();
        silo.Services.AddSingleton<ILakeProgress, LakeProgress>();
        silo.Services.AddSingleton<AccountIndex>();
        silo.Services.AddSingleton<IUnpublishedAccounts>(services => services.GetRequiredService<AccountIndex>());
        silo.Services.AddBankCheck(embedded);
        silo.Services.AddSingleton<LakeFlush>();
        silo.Services.AddSingleton<LakeCompaction>();
    }

    private static void AddGameStorage(this ISiloBuilder silo, EmbeddedParts embedded, DataDirectory data, bool sharedFiles)
    {
        static void Mark(GroupCommitOptions storage) => storage.MarkPending<AccountState>(account => account.Outbox.Length > 0);

        if (!embedded.HasStorage)
        {
            silo.AddPostgresGrainStorage(GameNames.Storage, storage => Mark(storage));
            return;
        }

        silo.AddSqliteGrainStorage(GameNames.Storage, storage =>
        {
            storage.Path = data.StorageFile;
            storage.ExclusiveAccess = !sharedFiles;
            Mark(storage);
        });
    }
}

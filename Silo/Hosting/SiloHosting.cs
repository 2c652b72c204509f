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
using Banking.Streaming;
using Banking.Tls;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Banking.Silo.Hosting;

/// <summary>Puts the rooms together: the game on its storage, its streams and its sink.</summary>
internal static class SiloHosting
{
    /// <summary>An account is loaded again in microseconds; a million idle ones in memory would help nobody.</summary>
    private static readonly TimeSpan IdleAge = TimeSpan.FromMinutes(2);

    /// <summary>A silo of one process, with its data folder taken until the host is disposed.</summary>
    public static void AddBankingSilo(this WebApplicationBuilder builder, BankingSettings settings)
    {
        var identity = settings.Cluster.TlsFiles() is { } files ? TlsIdentity.Load(files, PeerRole.Silo, TimeProvider.System) : null;
        var embedded = EmbeddedParts.SettingsOf(settings).Count > 0;
        var data = embedded ? DataDirectory.Open(settings.DataDirectory) : DataDirectory.Unused(settings.DataDirectory);
        var lake = settings.Lake.Root ?? data.LakeFolder;

        // HDFS that is away now keeps no player out: the sink waits for it.
        if (LakeStores.IsFolder(lake)) DataDirectory.CheckLake(lake);
        builder.Services.AddSingleton(_ => data);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings.Stop);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Stop.HostTimeout);
        PortHolder.AddTo(builder.Services);
        builder.Services.AddClusterMember(settings);
        builder.UseOrleans(silo =>
        {
            silo.UseBankingCluster(settings, identity);
            PortHolder.Attach(silo.Services);
            silo.AddClusterDashboard(settings);
            silo.AddBankingRooms(settings, data, sharedFiles: false);
        });

        builder.Services.AddHostedService<IdleMemory>();
        builder.Services.AddHostedService<ClockWatch>();

        // After the silo, so that it is stopped before it.
        builder.Services.AddHostedService<GracefulDrain>();
    }

    /// <summary>Everything of the game but clustering and HTTP.</summary>
    /// <param name="sharedFiles">Several silos of this process share the embedded files.</param>
    public static void AddBankingRooms(this ISiloBuilder silo, BankingSettings settings, DataDirectory data, bool sharedFiles)
    {
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = IdleAge);
        silo.AddBankingGame(settings.Accounts, settings.Markets);
        silo.AddGameStorage(settings, data, sharedFiles);
        silo.AddEventStreams(settings, data, LakeProgress.Group);
        silo.Services.AddLakeSink(lake =>
        {
            lake.ProviderName = GameNames.Streams;
            lake.Group = LakeProgress.Group;
            lake.Root = settings.Lake.Root ?? data.LakeFolder;
            lake.User = settings.Lake.User;
            lake.DelegationToken = settings.Lake.DelegationToken;
            lake.Kerberos = settings.Lake.Kerberos;
            lake.Hive = settings.Hive.ToOptions();
            lake.UnreadablePolicy = UnreadablePolicy(settings);
            lake.LostOffsetPolicy = settings.Log.LostOffsets;
            lake.Compaction = settings.Lake.Compaction;
            lake.MaxRows = settings.Lake.MaxRows;
            lake.MaxAge = settings.Lake.MaxAge;
            lake.MaxIdle = settings.Lake.MaxIdle;
        });
        silo.Services.AddFindings();
        silo.Services.AddSingleton<IEventPartitions, EventPartitions>();
        silo.Services.AddSingleton<ILakeProgress, LakeProgress>();
        silo.Services.AddSingleton<AccountIndex>();
        silo.Services.AddSingleton<IUnpublishedAccounts>(services => services.GetRequiredService<AccountIndex>());
        silo.Services.AddBankCheck(settings);
        silo.Services.AddSingleton<LakeFlush>();
        silo.Services.AddSingleton<LakeCompaction>();
    }

    private static void AddGameStorage(this ISiloBuilder silo, BankingSettings settings, DataDirectory data, bool sharedFiles)
    {
        static void Mark(GroupCommitOptions storage) => storage.MarkPending<AccountState>(account => account.Outbox.Length > 0);

        if (settings.Storage.PostgreSql is { } database)
        {
            silo.AddPostgresGrainStorage(GameNames.Storage, storage =>
            {
                storage.ConnectionString = database;
                Mark(storage);
            });
            return;
        }

        silo.AddSqliteGrainStorage(GameNames.Storage, storage =>
        {
            storage.Path = data.StorageFile;
            storage.ExclusiveAccess = !sharedFiles;
            Mark(storage);
        });
    }

    /// <summary>The embedded log has no place for dead letters, and no strangers that write to it.</summary>
    private static FailurePolicy UnreadablePolicy(BankingSettings settings) =>
        settings.Log.Unreadable ?? (settings.Kafka.BootstrapServers is null ? FailurePolicy.Skip : FailurePolicy.DeadLetter);
}

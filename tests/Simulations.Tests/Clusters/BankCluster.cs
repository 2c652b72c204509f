using System.Globalization;
using System.Runtime.CompilerServices;
using Banking.Accounts;
using Banking.Client.Verifying;
using Banking.Lake;
using Banking.Lake.Store;
using Banking.Markets;
using Banking.Silo.Accounts;
using Banking.Silo.Hosting;
using Banking.Silo.Http;
using Banking.Silo.Lake;
using Banking.Silo.Recovery;
using Banking.Silo.Starting;
using Banking.Simulations.Tests.Clusters.Parts;
using Banking.Sink.Settings;
using Banking.Streaming;
using Banking.Streaming.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// A bank of several silos in this process, composed as the program composes it: they share one storage, one log and one lake, wherever
/// these are. Its timings are short, and faults can be put below it.
/// </summary>
internal sealed class BankCluster : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly InProcessTestCluster _cluster;
    private readonly DataDirectory _data;
    private readonly BankPlace _place;
    private readonly bool _ownsPlace;

    private BankCluster(InProcessTestCluster cluster, DataDirectory data, Faults faults, BankPlace place, bool ownsPlace) =>
        (_cluster, _data, Faults, _place, _ownsPlace) = (cluster, data, faults, place, ownsPlace);

    public Faults Faults { get; }

    public IGrainFactory Grains => _cluster.Client;

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    /// <param name="place">Where the bank is, and stays; null for an embedded one that goes with the cluster.</param>
    public static async Task<BankCluster> Start(int seed, short silos = 3, bool strongDirectory = true, BankPlace? place = null)
    {
        var faults = new Faults(seed);
        var ownsPlace = place is null;
        place ??= await BankPlace.Create();
        var data = DataDirectory.Open(place.Folder);
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
#pragma warning disable ORLEANSEXP003 // The directory itself is no experiment in the program; only tests ask for it by this name.
        builder.Options.UseDistributedGrainDirectory = strongDirectory;
#pragma warning restore ORLEANSEXP003
        builder.ConfigureSiloHost((_, host) => host.Configuration.AddInMemoryCollection(place.Settings()));
        builder.ConfigureSilo((options, silo) => Compose(silo, options.SiloName, data, faults, strongDirectory));
        builder.ConfigureClient(
            client => client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5)));
        var cluster = builder.Build();
        await cluster.DeployAsync();

        // Until then players are told that an asset is unknown, which is true.
        await Task.WhenAll(cluster.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<InitialMarkets>().Done));
        return new BankCluster(cluster, data, faults, place, ownsPlace);
    }

    /// <summary>The silo drains.</summary>
    public Task Stop(InProcessSiloHandle silo) => _cluster.StopSiloAsync(silo);

    /// <summary>The silo ends without a word to anybody.</summary>
    public Task Kill(InProcessSiloHandle silo) => _cluster.KillSiloAsync(silo);

    public Task StopAll() => _cluster.StopAllSilosAsync();

    /// <summary>
    /// All silos end without a word, and nothing of them reaches the disk any more: in this process a killed silo's calls would go on.
    /// </summary>
    public async Task KillAll()
    {
        Faults.Die();
        foreach (var silo in Silos.ToList())
        {
            await Kill(silo);
            await ((IAsyncDisposable)silo.SiloHost).DisposeAsync();
        }
    }

    public Task StartAnother() => _cluster.StartSilosAsync(1);

    public ISinkGrain Sink(int partition) => Grains.GetGrain<ISinkGrain>(partition.ToString(CultureInfo.InvariantCulture));

    public Task Deactivate(IAddressable grain) => _cluster.DeactivateAsync(grain);

    /// <summary>Where a grain is active; null if it is nowhere.</summary>
    public InProcessSiloHandle? SiloOf(IAddressable grain) =>
        _cluster.TryGetGrainContext(grain.GetGrainId(), out var context)
            ? Silos.FirstOrDefault(silo => silo.SiloAddress.Equals(context.Address.SiloAddress))
            : null;

    public IPartitionedLog Log => Silos[0].ServiceProvider.GetRequiredKeyedService<IPartitionedLog>(GameNames.Streams);

    /// <returns>A folder of this machine with all that the lake has now.</returns>
    public Task<string> ReadLake() => _place.ReadLake();

    /// <summary>Brings everything acknowledged into the log: what only the database has goes with it.</summary>
    public Task Publish(CancellationToken cancellationToken) =>
        Silos[0].ServiceProvider.GetRequiredService<OutboxSweep>().PublishAsync(
            TimeProvider.System.GetUtcNow().AddYears(1_000), cancellationToken);

    /// <summary>Returns once storage has noted how far the log goes by now: what is lost of it later is known to be lost.</summary>
    public async Task WaitForNotedEnds(CancellationToken cancellationToken)
    {
        var store = Silos[0].ServiceProvider.GetRequiredService<AccountStore>();
        var ends = new long[Log.PartitionCount];
        for (var p = 0; p < ends.Length; p++) ends[p] = (await Log.GetBoundsAsync(p, cancellationToken)).Next;
        await Eventually.True(
            async () =>
            {
                var noted = (await store.ReadBankAsync()).State!.Ends;
                return Enumerable.Range(0, ends.Length).All(p => Array.Exists(noted, end => end.Partition == p && end.Next >= ends[p]));
            },
            "the log's end is noted");
    }

    /// <summary>Brings everything acknowledged into the lake; tries again while silos come and go.</summary>
    public async Task Flush(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(MaxWait);
        for (var failures = 0; ; failures++)
        {
            try
            {
                await Silos[0].ServiceProvider.GetRequiredService<LakeFlush>().FlushAsync(patience.Token);
                return;
            }
            catch (FlushFailedException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
            }
            catch (Exception e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"The bank was not flushed in {MaxWait.TotalSeconds} s, after {failures} failures. {await DescribeSinks()}", e);
            }
        }
    }

    private async Task<string> DescribeSinks()
    {
        var sinks = await Task.WhenAll(Enumerable.Range(0, Log.PartitionCount).Select(async partition =>
            $"Partition {partition} up to {(await Log.GetBoundsAsync(partition, CancellationToken.None)).Next}: "
                + $"{await Sink(partition).GetStatus()}"));
        return string.Join('\n', sinks);
    }

    /// <summary>The books of every account that storage knows, as the accounts themselves tell them.</summary>
    public async IAsyncEnumerable<LedgerLine> ReadLedgers([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = Silos[0].ServiceProvider.GetRequiredService<AccountIndex>();
        string? after = null;
        while (await index.ListAsync(after, 500, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var id in page)
            {
                if (await Grains.GetGrain<IAccountGrain>(id).GetLedger() is { } l)
                    yield return new LedgerLine(
                        id, l.IsOpen, l.SequenceNumber, l.Cash, l.PaidIn, l.PaidOut, l.Spent, l.Earned, l.Positions);
            }

            after = page[^1];
        }
    }

    public async ValueTask DisposeAsync()
    {
        Faults.Heal();
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        _data.Dispose();
        if (_ownsPlace) await _place.DisposeAsync();
    }

    private static void Compose(ISiloBuilder silo, string name, DataDirectory data, Faults faults, bool strongDirectory)
    {
        silo.AddBankingRooms(data, sharedFiles: true);
        silo.Services.Configure<AccountOptions>(accounts =>
        {
            accounts.ClearPublishedAfter = TimeSpan.FromMilliseconds(200);
            accounts.SweepPeriod = TimeSpan.FromMilliseconds(500);
            accounts.MaxPublishBackoff = TimeSpan.FromMilliseconds(500);
        });
        silo.Services.Configure<MarketOptions>(markets =>
        {
            markets.Assets.Add(Asset("stock_a", 0.10));
            markets.Assets.Add(Asset("bond_a", 0.04));
            markets.Assets.Add(Asset("cash", 0, tradable: false));
        });
        silo.Services.AddSingleton<IAccountReferences, AccountReferences>().AddSingleton<AccountCaller>();
        silo.Services.Configure<LogStreamOptions>(GameNames.Streams, streams =>
        {
            streams.ReofferInterval = TimeSpan.FromSeconds(2);
            streams.MaxRetryDelay = TimeSpan.FromSeconds(1);
        });
        silo.Services.Configure<LakeSinkOptions>(lake =>
        {
            (lake.MaxAge, lake.MaxIdle) = (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(300));
            (lake.ShutdownTimeout, lake.WaitTimeout) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        });
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(10));
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            options.NumMissedProbesLimit = 2;
            options.NumVotesForDeathDeclaration = 1;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
        });
        if (strongDirectory) silo.ProveMembership();
        silo.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        var lake = silo.Services.Last(service => service.ServiceType == typeof(ILakeStore));
        silo.Services.Replace(ServiceDescriptor.Singleton<ILakeStore>(
            provider => new FaultyLake((ILakeStore)lake.ImplementationFactory!(provider), name, faults)));
        Decorate<IPartitionedLog>(silo.Services, GameNames.Streams, log => new FaultyLog(log, faults.Log));
        Decorate<IGrainStorage>(silo.Services, GameNames.Storage, storage => new FaultyStorage(storage, faults.Storage));
    }

    private static AssetSetting Asset(string name, double growth, bool tradable = true) =>
        new()
        {
            Name = name,
            Type = "test",
            BasePrice = 5,
            BaseDate = new DateOnly(2020, 1, 1),
            YearlyGrowth = growth,
            Tradable = tradable
        };

    private static void Decorate<T>(IServiceCollection services, string key, Func<T, T> wrap)
        where T : class
    {
        var inner = services.Last(service => service.IsKeyedService && service.ServiceType == typeof(T) && Equals(service.ServiceKey, key));
        services.Remove(inner);
        services.AddKeyedSingleton(key, (provider, _) => wrap((T)inner.KeyedImplementationFactory!(provider, key)));
    }
}

using Banking.Accounts;
using Banking.Events;
using Banking.Hosting;
using Banking.Markets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Banking.Grains.Tests.Cluster;

/// <summary>Silos in this process, with a storage and a log that can fail.</summary>
public sealed class GameCluster : IAsyncLifetime
{
    public static readonly TimeSpan ClearPublishedAfter = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan QuoteLifetime = TimeSpan.FromMilliseconds(200);

    private InProcessTestCluster _cluster = null!;

    internal Storage Storage { get; } = new();

    internal EventLog Log { get; } = new();

    /// <summary>The silo's.</summary>
    internal SteppingClock Clock { get; } = new();

    internal InProcessTestCluster Orleans => _cluster;

    public IAccountGrain Account(string id) => _cluster.Client.GetGrain<IAccountGrain>(id);

    public IMarketGrain Market(string name) => _cluster.Client.GetGrain<IMarketGrain>(name);

    public T Service<T>()
        where T : notnull => _cluster.GetActiveSilos().First().ServiceProvider.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) => host.Logging.ClearProviders());
        builder.ConfigureClientHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.Services.AddKeyedSingleton<IGrainStorage>(GameNames.Storage, Storage);
            silo.Services.AddKeyedSingleton<IStreamProvider>(GameNames.Streams, Log);
            silo.Services.AddSingleton<IEventPartitions>(Log);
            silo.Services.AddSingleton<ILakeProgress>(Log);
            silo.Services.AddSingleton<IUnpublishedAccounts>(Storage);
            silo.AddBankingGame();
            silo.Services.Configure<AccountOptions>(accounts =>
            {
                accounts.ClearPublishedAfter = ClearPublishedAfter;
                accounts.PublishBackoff = TimeSpan.FromMilliseconds(5);
                accounts.MaxPublishBackoff = TimeSpan.FromMilliseconds(20);
                accounts.SweepPeriod = TimeSpan.FromMilliseconds(200);
            });
            silo.Services.Configure<MarketOptions>(markets =>
            {
                markets.QuoteLifetime = QuoteLifetime;
                markets.Assets.Add(
                    new() { Name = "stock_a", Type = "stock", BasePrice = 5, BaseDate = new(2020, 1, 1), YearlyGrowth = 0.1 });
                markets.Assets.Add(new() { Name = "cash", Type = "cash", BasePrice = 1, BaseDate = new(2020, 1, 1), Tradable = false });
            });
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        await Service<InitialMarkets>().Done;
    }

    public async ValueTask DisposeAsync()
    {
        Log.AllAway = false;
        await _cluster.DisposeAsync();
    }
}

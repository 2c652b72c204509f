using System.Net;
using Banking.Accounts;
using Banking.Events;
using Banking.Hosting;
using Banking.Markets;
using Banking.Silo.Accounts;
using Banking.Silo.Lake;
using Banking.Silo.Settings;
using Banking.Silo.Streams;

namespace Banking.Silo.Hosting;

/// <summary>Puts the rooms together: the game on its storage, its streams and its sink.</summary>
internal static class SiloHosting
{
    public const string ClusterId = "banking";

    public static void AddBankingSilo(this WebApplicationBuilder builder, BankingSettings settings)
    {
        var data = DataDirectory.Open(settings.DataDirectory);
        builder.Services.AddSingleton(_ => data);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                settings.Cluster.SiloPort,
                settings.Cluster.GatewayPort,
                primarySiloEndpoint: new IPEndPoint(IPAddress.Loopback, settings.Cluster.SiloPort),
                serviceId: ClusterId,
                clusterId: ClusterId);
            silo.AddBankingGame();
            silo.AddSqliteGrainStorage(GameNames.Storage, storage =>
            {
                storage.Path = data.StorageFile;
                storage.MarkPending<AccountState>(account => account.Outbox.Length > 0);
            });
            var section = builder.Configuration.GetSection(BankingSettings.Section);
            silo.Services.Configure<AccountOptions>(section.GetSection(nameof(BankingSettings.Accounts)));
            silo.Services.Configure<MarketOptions>(section.GetSection(nameof(BankingSettings.Markets)));
            silo.Services.AddSingleton<IEventPartitions, EventPartitions>();
            silo.Services.AddSingleton<AccountIndex>();
            silo.Services.AddSingleton<IUnpublishedAccounts>(services => services.GetRequiredService<AccountIndex>());
            silo.Services.AddSingleton<LakeFlush>();
        });

        // After the silo, so that it is stopped before it.
        builder.Services.AddHostedService<GracefulDrain>();
    }
}

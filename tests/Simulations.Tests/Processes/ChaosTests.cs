using Banking.Servers;
using Banking.Servers.PostgreSql;
using Banking.Silo.Cluster;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Three silos on a real PostgreSQL and a real Kafka, under load, while all of it dies in turn.</summary>
public sealed class ChaosTests : IAsyncLifetime
{
    private PostgresServer _database = null!;
    private ServerStack _broker = null!;
    private SiloCluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _broker = await RealServers.Mortal("kafka");
        _database = await Databases.OwnServer();
        _cluster = SiloCluster.On(_database.ConnectionString, _broker.BootstrapServers);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }

    [Fact]
    public async Task Game_WhenSilosDatabaseAndBrokerDieUnderLoad_ThenEveryActionIsThereOnce()
    {
        var silos = await _cluster.Start(3, Token);
        using var load = SteadyLoad.Start(string.Join(',', silos.Select(silo => silo.Url)), _cluster.Journal, seed: 41, accounts: 200);
        await load.Progress(300, Token);

        await silos[0].Kill(Token);
        await load.Progress(200, Token);
        silos[0] = await _cluster.Start(Token, new Uri(silos[0].Url).Port);

        silos[1].Pause();
        await Eventually.True(async () => await _cluster.CountDead(Token) == 2, "the others declare it dead");
        await load.Progress(200, Token);
        silos[1].Resume();
        Assert.Equal(DeathNotice.ExitCode, await silos[1].End(Token));
        Assert.Contains("The silo ends at once: it was declared dead by the others", silos[1].Output, StringComparison.Ordinal);

        await _database.Stop();
        await _database.Start();
        await load.Progress(200, Token);
        await _database.Kill();
        await _database.Start();
        await load.Progress(200, Token);

        await _broker.Kill("kafka");
        await load.Progress(200, Token);
        await _broker.Start("kafka");

        silos[2].Pause();
        silos[1] = await _cluster.Start(Token, new Uri(silos[1].Url).Port);
        silos[2].Resume();
        await load.Progress(200, Token);

        await load.Stop(() => _cluster.Output, Token);
        var verified = await _cluster.Verify(silos[0], Token);
        Assert.True(verified.ExitCode == 0, verified.Output + _cluster.Output);
    }
}

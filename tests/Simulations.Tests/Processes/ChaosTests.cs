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
        using var load = ClientProcess.Start(
            "load", "--url", string.Join(',', silos.Select(silo => silo.Url)), "--accounts", "200", "--duration", "10m", "--connections", "8", "--seed", "41",
            "--journal", _cluster.Journal);
        await Progress();

        await silos[0].Kill(Token);
        await Progress();
        silos[0] = await _cluster.Start(Token, new Uri(silos[0].Url).Port);

        silos[1].Pause();
        await Eventually.True(async () => await _cluster.CountDead(Token) == 2, "the others declare it dead", Token);
        await Progress();
        silos[1].Resume();
        Assert.Equal(DeathNotice.ExitCode, await silos[1].End(Token));
        Assert.Contains("The silo ends at once: it was declared dead by the others", silos[1].Output, StringComparison.Ordinal);

        await _database.Stop();
        await _database.Start();
        await Progress();
        await _database.Kill();
        await _database.Start();
        await Progress();

        await _broker.Kill("kafka");
        await Progress();
        await _broker.Start("kafka");

        silos[2].Pause();
        silos[1] = await _cluster.Start(Token, new Uri(silos[1].Url).Port);
        silos[2].Resume();
        await Progress();

        var loaded = await ClientProcess.Stop(load, Token);
        var verified = await _cluster.Verify(silos[0], Token);
        Assert.True(loaded.Output.Contains("wrong        0", StringComparison.Ordinal), loaded.Output + _cluster.Output);
        Assert.True(verified.ExitCode == 0, verified.Output + _cluster.Output);
    }

    // Actions go on being answered.
    private Task Progress() => JournalOf.Lines(_cluster.Journal, JournalOf.Count(_cluster.Journal) + 1_000, Token);
}

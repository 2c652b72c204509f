using System.Globalization;
using Banking.Servers;
using Banking.Servers.PostgreSql;
using Banking.Silo.Cluster;
using Banking.Silo.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Silo.Tests.Cluster;

public sealed class ClusterDatabaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenPatiently_WhenNobodyListens_ThenItNamesServerAndDatabaseAndNotThePassword()
    {
        using var nobody = PortClaim.Take([5432]);
        var port = string.Create(CultureInfo.InvariantCulture, $"{5432 + nobody.Shift}");
        var clock = new FakeTimeProvider();
        await using var database = new ClusterDatabase($"Host=127.0.0.1;Port={port};Username=bank;Password=geheim;Database=game", clock);

        var opening = database.OpenPatiently(Token);
        await Banking.Streaming.Tests.Condition.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return opening.IsCompleted;
            },
            "it gives up");

        var refusal = await Assert.ThrowsAsync<StartException>(() => opening);
        Assert.Equal($"PostgreSQL at 127.0.0.1:{port}, database game, can't be reached: Connection refused. It is set by Banking:Storage:PostgreSql.", refusal.Message);
        Assert.DoesNotContain("geheim", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenPatiently_WhenTheServerStartsLater_ThenItWaits()
    {
        await using var server = await Databases.OwnServer();
        await server.Stop();
        await using var database = new ClusterDatabase(server.ConnectionString, TimeProvider.System);

        var opening = database.OpenPatiently(Token);
        await server.Start();

        await using var connection = await opening;
        Assert.Equal(System.Data.ConnectionState.Open, connection.State);
    }

    [Fact]
    public async Task OpenPatiently_WhenTheDatabaseIsNotThere_ThenItSaysSoAtOnce()
    {
        var given = await Databases.Create();
        await using var database = new ClusterDatabase(given + ";Database=elsewhere", new FakeTimeProvider());

        var refusal = await Assert.ThrowsAsync<StartException>(() => database.OpenPatiently(Token));

        Assert.Contains("database \"elsewhere\" does not exist.", refusal.Message, StringComparison.Ordinal);
    }
}

using System.Globalization;
using Banking.Servers;
using Banking.Servers.PostgreSql;
using Banking.Silo.Cluster;
using Banking.Silo.Starting;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Banking.Silo.Tests.Cluster;

public sealed class ClusterDatabaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenWithRetries_WhenNobodyListens_ThenItNamesServerAndDatabaseAndNotThePassword()
    {
        using var nobody = PortClaim.Take([5432]);
        var port = string.Create(CultureInfo.InvariantCulture, $"{5432 + nobody.Shift}");
        var clock = new FakeTimeProvider();
        await using var database = new ClusterDatabase($"Host=127.0.0.1;Port={port};Username=bank;Password=geheim;Database=game", clock);

        var opening = database.OpenWithRetriesAsync(Token);
        await Eventually.True(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return opening.IsCompleted;
            },
            "it gives up");

        var refusal = await Assert.ThrowsAsync<StartException>(() => opening);
        Assert.Equal(
            $"PostgreSQL at 127.0.0.1:{port}, database game, can't be reached: Connection refused. It is set by "
                + "Banking:Storage:PostgreSql.",
            refusal.Message);
        Assert.DoesNotContain("geheim", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenWithRetries_WhenTheServerStartsLater_ThenItWaits()
    {
        await using var server = await Databases.OwnServer();
        await server.Stop();
        await using var database = new ClusterDatabase(server.ConnectionString, TimeProvider.System);

        var opening = database.OpenWithRetriesAsync(Token);
        await server.Start();

        await using var connection = await opening;
        Assert.Equal(System.Data.ConnectionState.Open, connection.State);
    }

    [Fact]
    public async Task OpenWithRetries_WhenTheDatabaseIsNotThere_ThenItSaysSoAtOnce()
    {
        var given = await Databases.Create();
        await using var database = new ClusterDatabase(given + ";Database=elsewhere", new FakeTimeProvider());

        var refusal = await Assert.ThrowsAsync<StartException>(() => database.OpenWithRetriesAsync(Token));

        Assert.Contains("database \"elsewhere\" does not exist.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ThroughAPoolerThatTakesFewParameters_ThenIsInTheClustersSchema()
    {
        var given = new NpgsqlConnectionStringBuilder(await Databases.Create());
        await using var pooler = new Pooler(given.Port);
        given.Port = pooler.Port;
        await using var database = new ClusterDatabase(given.ToString(), TimeProvider.System);

        await using var connection = await database.OpenWithRetriesAsync(Token);
        await ClusterSchema.EnsureAsync(connection, database.Name, Token);

        Assert.Equal(ClusterDatabase.Schema, await Ask(connection, "SHOW search_path"));
        Assert.NotEqual(0L, await AskPool(database, "SELECT count(*) FROM OrleansQuery"));
    }

    [Fact]
    public async Task Open_WhenTheRolesTransactionsAreSerializable_ThenItsOwnAreReadCommittedAlsoWhenTheConnectionIsUsedAgain()
    {
        var given = await Databases.Create();
        var role = $"strict_{Guid.NewGuid():N}";
        await Databases.Execute(
            given, $"CREATE ROLE {role} LOGIN SUPERUSER; ALTER ROLE {role} SET default_transaction_isolation TO 'serializable'");
        var strict = new NpgsqlConnectionStringBuilder(given) { Username = role }.ToString();
        await using var database = new ClusterDatabase(strict, TimeProvider.System);

        await using (var connection = await database.OpenWithRetriesAsync(Token))
        {
            await ClusterSchema.EnsureAsync(connection, database.Name, Token);
            Assert.Equal("read committed", await Ask(connection, "SHOW transaction_isolation"));
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("read committed", await AskPool(database, "SHOW transaction_isolation"));
            Assert.Equal(ClusterDatabase.Schema, await AskPool(database, "SHOW search_path"));
        }
    }

    private static async Task<object?> AskPool(ClusterDatabase database, string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Token);
        return await Ask(connection, sql);
    }

    private static async Task<object?> Ask(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }
}

using Banking.Servers.PostgreSql;
using Banking.Silo.Cluster;
using Banking.Silo.Starting;
using Npgsql;

namespace Banking.Silo.Tests.Cluster;

public sealed class ClusterSchemaTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ensure_WhenSeveralSilosStartAtOnce_ThenTheTablesAreMadeOnce()
    {
        var database = await Databases.Create();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ensure(database)));

        Assert.Equal(1, await Read(database, "SELECT version FROM banking_cluster.schema_version"));
        Assert.Equal(10L, await Read(database, "SELECT count(*) FROM banking_cluster.OrleansQuery"));
    }

    [Fact]
    public async Task Ensure_WhenTheDatabaseIsOfANewerVersion_ThenItSaysSoAndChangesNothing()
    {
        var database = await Databases.Create();
        await Ensure(database);
        await Databases.Execute(database, "UPDATE banking_cluster.schema_version SET version = 2; DROP TABLE banking_cluster.OrleansQuery");

        var refusal = await Assert.ThrowsAsync<StartException>(() => Ensure(database));

        Assert.Contains(
            "are of version 2; this program knows 1: start a newer one. Nothing was changed.", refusal.Message, StringComparison.Ordinal);
        Assert.IsType<DBNull>(await Read(database, "SELECT to_regclass('banking_cluster.OrleansQuery')::text"));
    }

    [Fact]
    public async Task Ensure_WhenTheUserMayMakeNoSchema_ThenItSaysSo()
    {
        var database = await Databases.Create();
        var user = $"nobody_{Guid.NewGuid():N}";
        await Databases.Execute(database, $"CREATE USER {user} PASSWORD 'geheim'");
        var theirs = new NpgsqlConnectionStringBuilder(database) { Username = user, Password = "geheim" }.ToString();

        var refusal = await Assert.ThrowsAsync<StartException>(() => Ensure(theirs));

        Assert.Contains("permission denied for database", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refusal.ToString(), StringComparison.Ordinal);
    }

    private static async Task Ensure(string connectionString)
    {
        await using var database = new ClusterDatabase(connectionString, TimeProvider.System);
        await using var connection = await database.OpenWithRetriesAsync(Token);
        await ClusterSchema.EnsureAsync(connection, database.Name, Token);
    }

    private static async Task<object?> Read(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }
}

using System.Globalization;
using Npgsql;

namespace Banking.Servers.PostgreSql;

/// <summary>
/// A primary and an asynchronous streaming replica of it, as an operator has them for fail-over: what the primary commits reaches the
/// replica a moment later, or, where it dies before that, never. Both end with the pair.
/// </summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private PostgresPair(PostgresServer primary, PostgresServer replica) => (Primary, Replica) = (primary, replica);

    public PostgresServer Primary { get; }

    public PostgresServer Replica { get; }

    /// <summary>Names both, and means the one that is the primary.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1:{Primary.ListeningPort},127.0.0.1:{Replica.ListeningPort};Username=bank;Database=postgres;Target Session "
            + $"Attributes=primary");

    /// <param name="settings">Of the primary, such as <c>max_connections=20</c>; the replica takes them over.</param>
    public static async Task<PostgresPair> Create(params string[] settings)
    {
        var primary = await Databases.OwnServer(settings);
        try
        {
            var pair = new PostgresPair(primary, await PostgresServer.CreateReplicaOf(primary));
            await pair.CatchUp();
            return pair;
        }
        catch
        {
            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the replica has applied all that the primary had committed at the call.</summary>
    public async Task CatchUp()
    {
        var end = await Ask(Primary, "SELECT pg_current_wal_flush_lsn()::text");
        await Eventually.True(
            async () => await Ask(
                Replica, $"SELECT coalesce(pg_last_wal_replay_lsn() >= '{end}'::pg_lsn, false)") is true, "the replica has caught up");
    }

    /// <summary>
    /// From here on nothing that the primary commits reaches the replica, which has all that was committed before the call.
    /// </summary>
    public async Task HoldShipping()
    {
        await CatchUp();
        await Databases.Execute(Replica.ConnectionString, "ALTER SYSTEM SET primary_conninfo = ''");
        await Databases.Execute(Replica.ConnectionString, "SELECT pg_reload_conf()");
        await Eventually.True(
            async () => await Ask(Replica, "SELECT count(*) FROM pg_stat_wal_receiver") is 0L, "the replica receives nothing");
    }

    /// <summary>
    /// Kills the primary with SIGKILL and promotes the replica, which takes writes when this returns. What was committed after
    /// <see cref="HoldShipping"/> is lost; without it, what was on its way.
    /// </summary>
    public async Task FailOver()
    {
        await Primary.Kill();
        Assert.Equal(true, await Ask(Replica, "SELECT pg_promote(wait => true, wait_seconds => 60)"));
    }

    public async ValueTask DisposeAsync()
    {
        await Replica.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private static async Task<object?> Ask(PostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

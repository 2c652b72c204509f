using Npgsql;

namespace Banking.Silo.Cluster;

/// <summary>
/// One connection's hold on the advisory locks that say who is in the cluster; they go when it ends, however it ends. Not thread-safe.
/// </summary>
internal sealed class LeaseSession : IAsyncDisposable
{
    /// <summary>Held by every silo: shared, or alone by one that keeps its log or its lake to itself.</summary>
    private const long Members = 0x62616e6b_00000002;

    /// <summary>Held shared by every silo that is not stopping.</summary>
    private const long Stayers = 0x62616e6b_00000003;

    private readonly NpgsqlConnection _connection;

    private LeaseSession(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Takes the locks on a connection that is the session's from then on.</summary>
    /// <returns>Null if another silo holds the cluster in a way that this one does not go with.</returns>
    public static async Task<LeaseSession?> TryTakeAsync(NpgsqlConnection connection, bool alone, CancellationToken cancellationToken)
    {
        var session = new LeaseSession(connection);
        try
        {
            // A machine that vanishes leaves its session to the server, which would believe in it for two hours.
            await session.AskAsync(
                "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET idle_session_timeout = 0",
                cancellationToken);
            if (await session.AskAsync($"SELECT pg_try_advisory_lock{(alone ? "" : "_shared")}({Members})", cancellationToken) is not true)
            {
                await session.DisposeAsync();
                return null;
            }

            // Nobody holds it against this for longer than a look takes.
            await session.AskAsync($"SELECT pg_advisory_lock_shared({Stayers})", cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Throws if the connection, and the locks with it, is gone.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => AskAsync("SELECT 1", cancellationToken);

    /// <summary>Is no stayer any more.</summary>
    /// <returns>Whether nobody else is.</returns>
    public async Task<bool> ReleaseAsync(CancellationToken cancellationToken)
    {
        await AskAsync($"SELECT pg_advisory_unlock_shared({Stayers})", cancellationToken);

        // Let go of with the statement: a silo that starts meanwhile must not be kept out.
        return await AskAsync($"SELECT pg_try_advisory_xact_lock({Stayers})", cancellationToken) is true;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<object?> AskAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

using System.Data;
using Npgsql;

namespace Banking.Silo.Cluster;

/// <summary>
/// One connection's hold on the advisory locks that tell who is in the cluster; they are released when it ends, however it ends. Not
/// thread-safe.
/// </summary>
internal sealed class LeaseSession : IAsyncDisposable
{
    /// <summary>Held by every silo: shared, or exclusively by a silo that keeps its log or its lake to itself.</summary>
    private const long Members = 0x62616e6b_00000002;

    /// <summary>Held, shared, by every silo that is not stopping.</summary>
    private const long Stayers = 0x62616e6b_00000003;

    private readonly NpgsqlConnection _connection;

    private LeaseSession(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Takes the locks on a connection that is the session's from then on.</summary>
    /// <returns>Null if another silo's hold on the cluster is not compatible with this one.</returns>
    public static async Task<LeaseSession?> TryTakeAsync(NpgsqlConnection connection, bool alone, CancellationToken cancellationToken)
    {
        var session = new LeaseSession(connection);
        try
        {
            // If a machine vanishes, the server would otherwise keep its session for two hours.
            await session.AskAsync(
                "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET idle_session_timeout = 0",
                cancellationToken);
            if (await session.AskAsync($"SELECT pg_try_advisory_lock{(alone ? "" : "_shared")}({Members})", cancellationToken) is not true)
            {
                await session.DisposeAsync();
                return null;
            }

            // Nobody blocks this for longer than a check takes.
            await session.AskAsync($"SELECT pg_advisory_lock_shared({Stayers})", cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>False once a call found the connection broken: the locks are gone, and it takes no more calls.</summary>
    public bool IsOpen => _connection.State == ConnectionState.Open;

    /// <summary>Throws if the connection, and the locks with it, are gone.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => AskAsync("SELECT 1", cancellationToken);

    /// <summary>Gives up the lock of the silos that stay.</summary>
    /// <returns>Whether no other silo stays.</returns>
    public async Task<bool> ReleaseAsync(CancellationToken cancellationToken)
    {
        await AskAsync($"SELECT pg_advisory_unlock_shared({Stayers})", cancellationToken);

        // Released together with the statement: a silo that starts meanwhile must not be kept out.
        return await AskAsync($"SELECT pg_try_advisory_xact_lock({Stayers})", cancellationToken) is true;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<object?> AskAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

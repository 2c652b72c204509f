using System.Data;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>The connection of one writer thread, opened again when it is lost.</summary>
/// <param name="source">Gives connections.</param>
/// <param name="prepare">Prepares the statements of a new connection.</param>
/// <param name="outage">Shared by all connections of the storage.</param>
/// <param name="place">The database, for messages.</param>
/// <param name="time">For the pauses.</param>
/// <param name="stopping">Ends the pauses: what waits then gets one more attempt.</param>
internal sealed class WriterConnection(
    NpgsqlDataSource source,
    Func<NpgsqlConnection, WriteStatements> prepare,
    Outage outage,
    string place,
    TimeProvider time,
    CancellationToken stopping) : IDisposable
{
    private NpgsqlConnection? _connection;
    private WriteStatements? _statements;
    private long _usedAt;

    /// <summary>The statements of a connection that is open, as far as is known.</summary>
    /// <exception cref="StorageWriteFailedException">The database has been unavailable for too long, or refuses; nothing was
    /// written.</exception>
    public WriteStatements Get()
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_statements is not null && _connection is { State: ConnectionState.Open } && IsTrusted(_connection))
            {
                _usedAt = time.GetTimestamp();
                return _statements;
            }

            Discard();
            var began = outage.Begin();
            try
            {
                _connection = source.OpenConnection();
                _statements = prepare(_connection);
                _usedAt = time.GetTimestamp();
                outage.Over();
            }
            catch (Exception reason)
            {
                Discard();
                if (PostgresFailures.IsAway(reason) && Pause(attempt, began)) continue;
                throw new StorageWriteFailedException(
                    $"The grain storage in {place} could not write: {PostgresFailures.Sentence(reason)}.", reason);
            }
        }
    }

    /// <summary>
    /// Notes that the connection did not answer a transaction that began at a given time, so that the next read need not take as long to
    /// find out.
    /// </summary>
    public void Lost(long began)
    {
        outage.Missed(attempt: 1, began);
        Discard();
    }

    /// <summary>A connection that failed is not trusted with the next transaction.</summary>
    public void Discard()
    {
        _statements?.Dispose();
        _connection?.Dispose();
        (_statements, _connection) = (null, null);
    }

    public void Dispose() => Discard();

    // While the database is unavailable the transaction itself finds that out, and a check before it would take the same time again.
    private bool IsTrusted(NpgsqlConnection connection) =>
        outage.IsOn || !QuietConnections.IsQuiet(_usedAt, time) || QuietConnections.Answers(connection);

    /// <returns>Whether to try again.</returns>
    private bool Pause(int attempt, long began)
    {
        if (stopping.IsCancellationRequested || outage.Missed(attempt, began) is not { } pause) return false;

        // This thread has nothing else to do; the stop ends the pause and leaves one more attempt.
        Task.WaitAny(Task.Delay(pause, time, stopping));
        return true;
    }
}

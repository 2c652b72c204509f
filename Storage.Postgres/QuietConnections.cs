using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>
/// Tells when a connection has been quiet for so long that a firewall on the way may have forgotten it, and whether it still works. A
/// silently dead connection would hold up the next statement for that statement's whole timeout. A check costs one round trip, and only
/// after quiet times.
/// </summary>
internal static class QuietConnections
{
    /// <summary>A connection that has been quiet for this long is checked before it is used.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait for the answer; below 5 s together with the cancellation's timeout and a new connection.</summary>
    private const int AnswerSeconds = 2;

    /// <param name="lastUsed">A timestamp of the clock.</param>
    public static bool IsQuiet(long lastUsed, TimeProvider time) => time.GetElapsedTime(lastUsed) > Quiet;

    /// <summary>Whether a connection answers. One that does not is broken by the check, and has to be disposed.</summary>
    public static bool Answers(NpgsqlConnection connection)
    {
        using var question = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = AnswerSeconds };
        try
        {
            question.ExecuteNonQuery();
            return true;
        }
        catch (Exception reason) when (PostgresFailures.IsDatabases(reason))
        {
            return false;
        }
    }

    /// <summary>
    /// Checks a connection of the pool, and clears the pool if it does not answer: the connections that were quiet with it are dead too.
    /// </summary>
    public static async Task RefreshAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var question = source.CreateCommand("SELECT 1");
        question.CommandTimeout = AnswerSeconds;
        try
        {
            await question.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception reason) when (PostgresFailures.IsDatabases(reason))
        {
            // If more than that is wrong, the next statement finds and reports it.
            source.Clear();
        }
    }
}

using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>
/// Tells when a connection has been quiet for so long that a firewall on the way may have forgotten it, and whether it still leads
/// somewhere: dead in silence, it would hold the next statement up for that statement's whole time-out. A question costs one round trip,
/// after quiet times only.
/// </summary>
internal static class QuietConnections
{
    /// <summary>After it a connection is asked before it is used.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>For the answer; with the cancellation's time-out, and a new connection, below 5 s.</summary>
    private const int AnswerSeconds = 2;

    /// <param name="lastUsed">A timestamp of the clock.</param>
    public static bool IsQuiet(long lastUsed, TimeProvider time) => time.GetElapsedTime(lastUsed) > Quiet;

    /// <summary>Whether a connection answers. One that doesn't is broken by that, and is to be disposed.</summary>
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
    /// Asks a connection of the pool, and has the pool forget its connections if it doesn't answer: those that were quiet with it are dead
    /// too.
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
            // What is wrong, if more is than that, the statement that comes next finds and says.
            source.Clear();
        }
    }
}

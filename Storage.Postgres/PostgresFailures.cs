using System.Net.Sockets;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>What an error of Npgsql says about the write or read that ran into it.</summary>
internal static class PostgresFailures
{
    /// <summary>
    /// Whether the database is unavailable or cut the connection, rather than refusing the request: trying again may help. Refusals for
    /// lack of connections, during its start and during its stop count too.
    /// </summary>
    public static bool IsAway(Exception reason) => reason is PostgresException refusal
        ? IsFatal(refusal) && refusal.SqlState is PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        : IsDatabases(reason);

    /// <summary>Whether an exception comes from the database or the network, and is not a defect here.</summary>
    public static bool IsDatabases(Exception reason) => reason is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>
    /// Whether PostgreSQL itself rolled the transaction back because of other transactions, so that the same one may succeed at once.
    /// </summary>
    public static bool IsRolledBackForOthers(Exception reason) =>
        reason is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>
    /// Whether a transaction whose statements were sent may have been committed nevertheless. An error that PostgreSQL reports has rolled
    /// it back. An error that ends the connection, like a lost answer, may have come after the commit.
    /// </summary>
    public static bool IsOutcomeUnknown(Exception reason) => reason is not PostgresException refusal || IsFatal(refusal);

    /// <summary>The reason as part of a sentence; Npgsql's own messages never contain the connection string.</summary>
    public static string Sentence(Exception reason) => reason switch
    {
        PostgresException refusal => $"{refusal.MessageText} ({refusal.SqlState})",
        NpgsqlException { InnerException: { } inner } outer => $"{outer.Message.TrimEnd('.')}: {inner.Message.TrimEnd('.')}",
        _ => reason.Message.TrimEnd('.'),
    };

    private static bool IsFatal(PostgresException refusal) => refusal.InvariantSeverity is not "ERROR";
}

using System.Net.Sockets;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>What an error of Npgsql's says about the write or read that met it.</summary>
internal static class PostgresFailures
{
    /// <summary>
    /// Whether the database is away, or cut the connection, rather than refuse what was asked: trying again may help. What it refuses for
    /// want of connections, at its start and at its stop counts too.
    /// </summary>
    public static bool IsAway(Exception reason) => reason is PostgresException refusal
        ? IsFatal(refusal) && refusal.SqlState is PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
        : IsDatabases(reason);

    /// <summary>Whether an exception is the database's or the network's, and no defect here.</summary>
    public static bool IsDatabases(Exception reason) => reason is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>
    /// Whether PostgreSQL itself rolled the transaction back for what others did, so that the same one may succeed at once.
    /// </summary>
    public static bool IsRolledBackForOthers(Exception reason) =>
        reason is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>
    /// Whether a transaction whose statements were sent may have been committed all the same. An error that PostgreSQL reports has rolled
    /// it back. One that ends the connection may have come between the commit and its answer, as a lost answer does.
    /// </summary>
    public static bool IsOutcomeUnknown(Exception reason) => reason is not PostgresException refusal || IsFatal(refusal);

    /// <summary>The reason as part of a sentence; Npgsql's own never hold the connection string.</summary>
    public static string Sentence(Exception reason) => reason switch
    {
        PostgresException refusal => $"{refusal.MessageText} ({refusal.SqlState})",
        NpgsqlException { InnerException: { } inner } outer => $"{outer.Message.TrimEnd('.')}: {inner.Message.TrimEnd('.')}",
        _ => reason.Message.TrimEnd('.'),
    };

    private static bool IsFatal(PostgresException refusal) => refusal.InvariantSeverity is not "ERROR";
}

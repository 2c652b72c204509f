using Microsoft.Extensions.Logging;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>
/// What a silo does with the database before it uses it: waits for it, brings the schema up to date, and checks how durable its commits
/// are.
/// </summary>
internal static partial class PostgresStart
{
    /// <exception cref="StorageOpenException">The database can't be used.</exception>
    public static async Task PrepareAsync(
        NpgsqlDataSource source, string place, PostgresGrainStorageOptions options, TimeProvider time, ILogger logger,
        CancellationToken cancellationToken)
    {
        var outage = new Outage(options.StartTimeout, time);
        for (var attempt = 1; ; attempt++)
        {
            var began = outage.Begin();
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                await PostgresSchema.MigrateAsync(connection, options.Schema, cancellationToken);
                await CheckDurabilityAsync(connection, place, logger, cancellationToken);
                return;
            }
            catch (Exception reason) when (PostgresFailures.IsDatabases(reason))
            {
                if (!PostgresFailures.IsAway(reason) || outage.Missed(attempt, began) is not { } pause)
                    throw new StorageOpenException(
                        $"The grain storage in {place} can't be used: {PostgresFailures.Sentence(reason)}.", reason);
                if (attempt == 1) LogWaiting(logger, place, options.StartTimeout, PostgresFailures.Sentence(reason));
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private static async Task CheckDurabilityAsync(
        NpgsqlConnection connection, string place, ILogger logger, CancellationToken cancellationToken)
    {
        // The writers' sessions make sure that commits are flushed at all (WriteStatements); these settings are the server's alone.
        foreach (var setting in new[] { "fsync", "full_page_writes" })
        {
            await using var command = new NpgsqlCommand($"SHOW {setting}", connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is "off") LogNotDurable(logger, place, setting);
        }
    }

    [LoggerMessage(6, LogLevel.Warning, "Waiting up to {Timeout} for {Place}: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string place, TimeSpan timeout, string reason);

    [LoggerMessage(7, LogLevel.Warning, "{Place} has {Setting} = off: a loss of power may take writes that were answered")]
    private static partial void LogNotDurable(ILogger logger, string place, string setting);
}

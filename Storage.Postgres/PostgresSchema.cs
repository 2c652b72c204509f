using System.Data;
using System.Globalization;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>
/// The tables, and the steps from each version to the next; <c>schema_version</c> counts the steps made. Silos that start at once take
/// turns under an advisory lock of the transaction. If the schema is up to date, no right to change it is needed.
/// </summary>
/// <remarks>
/// Keys are bytes, as in Orleans, and compare as bytes. Half of each page is left free, so that the next version of a state fits beside the
/// last one and no index is touched (heap-only tuples). Neither index holds a column that changes with every write. States up to some 8 KB
/// stay in the row, uncompressed: moving them out costs a second row and index entry per write, and compressing costs more processor time
/// than the disk space is worth.
/// </remarks>
internal static class PostgresSchema
{
    /// <summary>The time for a step, or for the silos before this one to make theirs.</summary>
    private const int TurnSeconds = 30;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE {schema}.grain_state (
            state_name text COLLATE "C" NOT NULL,
            grain_key bytea NOT NULL,
            grain_type bytea NOT NULL,
            version bigint NOT NULL,
            written_at bigint NOT NULL,
            pending boolean NOT NULL,
            payload bytea,
            PRIMARY KEY (state_name, grain_key, grain_type)
        ) WITH (fillfactor = 50, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);
        ALTER TABLE {schema}.grain_state ALTER COLUMN payload SET STORAGE EXTERNAL;
        CREATE INDEX grain_state_pending ON {schema}.grain_state (state_name, grain_key, grain_type) WHERE pending;
        COMMENT ON TABLE {schema}.grain_state IS
            'States of Orleans grains; written_at is Unix time in ms; a cleared state has a version and no payload';
        """,
        """
        CREATE TABLE {schema}.writer (id uuid PRIMARY KEY, n bigint NOT NULL) WITH (fillfactor = 50);
        COMMENT ON TABLE {schema}.writer IS
            'How often each writer of a silo committed; a writer that finds another number than its own knows that the database went back';
        """,
    ];

    /// <summary>Brings the schema to this program's version, or leaves it as it is.</summary>
    /// <exception cref="StorageOpenException">A newer program, or another one, made the schema.</exception>
    /// <exception cref="NpgsqlException">The database refused, or is unavailable; nothing was changed.</exception>
    public static async Task MigrateAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        if (await ReadVersionAsync(connection, schema, cancellationToken) == Steps.Length) return;

        // Each statement sees what others committed while this silo waited for its turn, whatever isolation level is the role's default.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await ExecuteAsync(
            connection, $"SELECT pg_advisory_xact_lock(hashtextextended('orleans grain storage {schema}', 0))", cancellationToken);

        // Read once more, under the lock: another silo may have created or migrated the schema since.
        var version = await ReadVersionAsync(connection, schema, cancellationToken);
        if (version == Steps.Length) return;
        if (version == 0)
        {
            // Only if it is missing: a role may own a schema without the right to create others.
            var exists = $"SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = '{schema}')";
            if (await ScalarAsync(connection, exists, cancellationToken) is false)
                await ExecuteAsync(connection, $"CREATE SCHEMA {schema}", cancellationToken);
            await ExecuteAsync(
                connection,
                $"CREATE TABLE {schema}.schema_version (version integer NOT NULL); INSERT INTO {schema}.schema_version VALUES (0)",
                cancellationToken);
        }

        foreach (var step in Steps[version..])
        {
            await ExecuteAsync(connection, step.Replace("{schema}", schema, StringComparison.Ordinal), cancellationToken);
        }
        await ExecuteAsync(
            connection, FormattableString.Invariant($"UPDATE {schema}.schema_version SET version = {Steps.Length}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        // One query, which sees another silo's migration completely or not at all. Not with to_regclass: it may answer from a cache that
        // does not know what was created while this transaction waited for the lock.
        var tables = await ScalarAsync(
            connection,
            $"""
            SELECT array_agg(c.relname::text) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = '{schema}' AND c.relname IN ('schema_version', 'grain_state')
            """,
            cancellationToken) as string[] ?? [];
        if (!tables.Contains("schema_version"))
        {
            return tables.Length == 0 ? 0 : throw new StorageOpenException(
                $"The schema '{schema}' has a table grain_state of another program.");
        }

        return await ScalarAsync(connection, $"SELECT version FROM {schema}.schema_version", cancellationToken) is not int version
            ? throw new StorageOpenException($"The schema '{schema}' has a table schema_version of another program.")
            : version <= Steps.Length
            ? version
            : throw new StorageOpenException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The grain storage '{schema}' has schema version {version}; this program knows versions up to {Steps.Length}. ")
                + "Use the newer program.");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TurnSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

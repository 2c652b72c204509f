using System.Globalization;
using Banking.Silo.Starting;
using Npgsql;

namespace Banking.Silo.Cluster;

/// <summary>
/// Creates the tables of the cluster's membership and brings older ones up to date, in one transaction and by one silo at a time.
/// </summary>
internal static class ClusterSchema
{
    /// <summary>The version that a database has after all of <see cref="Scripts"/>.</summary>
    public static int Version => Scripts.Length;

    /// <summary>The advisory lock under which tables are created: any number that nobody else uses in the database.</summary>
    private const long Lock = 0x62616e6b_00000001;

    /// <summary>The time for a script, or for the silos before this one to run theirs.</summary>
    private const int TurnSeconds = 30;

    /// <summary>Each script brings the tables from one version to the next; a released script is never changed.</summary>
    private static readonly string[] Scripts = ["ClusterTables.sql"];

    /// <exception cref="StartException">The tables are of a newer version, or can't be created.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, string database, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
            var version = await FindVersionAsync(connection, cancellationToken);
            if (version > Version)
            {
                throw new StartException(
                    $"The cluster's tables in {database}, are of version {version}; this program knows {Version}: start a newer one. "
                        + "Nothing was changed.");
            }

            for (; version < Version; version++) await ExecuteAsync(connection, Script(Scripts[version]), cancellationToken);
            await ExecuteAsync(connection, $"UPDATE schema_version SET version = {Version} WHERE version < {Version}", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw new StartException($"The cluster's tables can't be made in {database}: {ClusterDatabase.Reason(e)}");
        }
    }

    private static async Task<int> FindVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Asked first: creating what exists already takes rights that a silo need not have.
        if (await ReadAsync(connection, "SELECT to_regclass('schema_version')::text", cancellationToken) is null or DBNull)
        {
            var schema = await ReadAsync(connection, $"SELECT to_regnamespace('{ClusterDatabase.Schema}')::text", cancellationToken);
            if (schema is null or DBNull)
                await ExecuteAsync(connection, $"CREATE SCHEMA {ClusterDatabase.Schema}", cancellationToken);
            await ExecuteAsync(
                connection, "CREATE TABLE schema_version (version integer NOT NULL); INSERT INTO schema_version VALUES (0)",
                cancellationToken);
        }

        return Convert.ToInt32(
            await ReadAsync(connection, "SELECT version FROM schema_version", cancellationToken), CultureInfo.InvariantCulture);
    }

    private static string Script(string name)
    {
        using var stream = typeof(ClusterSchema).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException(
            $"The program lacks {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TurnSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

using Npgsql;

namespace Banking.Benchmarks.Postgres;

/// <summary>A database of this run's own on the PostgreSQL server that the settings name; removed at the end.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    public const string Setting = "Banking__Storage__PostgreSql";

    private readonly string _server;
    private readonly string _name = $"bench_{Guid.NewGuid():N}";

    private BenchDatabase(string server)
    {
        _server = server;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = _name }.ToString();
    }

    public string ConnectionString { get; }

    /// <exception cref="BenchmarkFailedException">The setting is missing, or nothing can be made there.</exception>
    public static async Task<BenchDatabase> CreateAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var server = Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } given ? given : throw new BenchmarkFailedException(
            $"This benchmark needs a PostgreSQL server: set {Setting}, e.g. "
                + $"{Setting}='Host=127.0.0.1;Username=postgres;Database=postgres'.");
        var database = new BenchDatabase(server);
        try
        {
            await ExecuteAsync(server, $"CREATE DATABASE {database._name}", cancellationToken);
            var description = await DescribeAsync(server, cancellationToken);
            bench.Say($"PostgreSQL: {description}");
            return database;
        }
        catch (Exception failure) when (failure is NpgsqlException or ArgumentException)
        {
            throw new BenchmarkFailedException($"The database of {Setting} can't be used: {failure.Message}");
        }
    }

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => ExecuteAsync(ConnectionString, sql, cancellationToken);

    /// <summary>Tables in schemas of somebody's own: a benchmark's peer keeps to <c>public</c>.</summary>
    public Task<long> CountTablesAsync(CancellationToken cancellationToken) => ReadAsync<long>(
        ConnectionString, "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('public', 'pg_catalog', "
            + "'information_schema')", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", CancellationToken.None);
    }

    private static Task<string> DescribeAsync(string server, CancellationToken cancellationToken) => ReadAsync<string>(
        server,
        """
        SELECT current_setting('server_version')
            || (SELECT string_agg(', ' || name || '=' || current_setting(name), '' ORDER BY name) FROM pg_settings
                WHERE name IN (
                    'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers', 'max_wal_size',
                    'max_connections'))
        """,
        cancellationToken);

    private static async Task<T> ReadAsync<T>(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(connectionString, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(connectionString, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}

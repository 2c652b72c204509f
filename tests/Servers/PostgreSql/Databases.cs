using Npgsql;

namespace Banking.Servers.PostgreSql;

/// <summary>
/// A PostgreSQL server for the tests of an assembly, started when the first test asks, or somebody else's that <c>BANKING_POSTGRESQL</c>
/// names. A test uses a database of its own, which <see cref="Create"/> makes. A test that gets no server is skipped.
/// </summary>
public sealed class Databases : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private PostgresServer? _server;

    /// <summary>
    /// The connection string of a new, empty database. Of a server that is given, its own databases go with <see cref="Drop"/> only.
    /// </summary>
    internal static async ValueTask<string> Create()
    {
        var server = await Server();
        var name = $"test_{Guid.NewGuid():N}";
        await Execute(server, $"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
    }

    /// <summary>The connection string of a new database with all that another one has, whose connections are cut.</summary>
    internal static async ValueTask<string> Copy(string connectionString)
    {
        var server = await Server();
        var name = $"test_{Guid.NewGuid():N}";
        await Fill(server, name, connectionString);
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
    }

    /// <summary>Makes a database anew, under its name, with all that its copy has.</summary>
    internal static async ValueTask PutBack(string connectionString, string copy)
    {
        await Drop(connectionString);
        await Fill(await Server(), new NpgsqlConnectionStringBuilder(connectionString).Database!, copy);
    }

    internal static async ValueTask Drop(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await Execute(await Server(), $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    /// <summary>A server that the test may stop and kill; it disposes it.</summary>
    internal static Task<PostgresServer> OwnServer(params string[] settings)
    {
        SkipWithoutPrograms();
        return PostgresServer.Create(settings);
    }

    internal static async Task Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _turn.Dispose();
    }

    private static async ValueTask<string> Server()
    {
        if (Environment.GetEnvironmentVariable("BANKING_POSTGRESQL") is { Length: > 0 } given) return given;
        SkipWithoutPrograms();
        var databases = await TestContext.Current.GetFixture<Databases>() ?? throw new InvalidOperationException(
            "The assembly has no such fixture.");
        await databases._turn.WaitAsync();
        try
        {
            databases._server ??= await PostgresServer.Create("max_connections = 200");
            return databases._server.ConnectionString;
        }
        finally
        {
            databases._turn.Release();
        }
    }

    // A database can be copied while nobody is connected to it.
    private static async Task Fill(string server, string name, string template)
    {
        var from = new NpgsqlConnectionStringBuilder(template).Database!;
        await Execute(server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'");
        await Execute(server, $"CREATE DATABASE {name} TEMPLATE {from}");
    }

    private static void SkipWithoutPrograms() =>
        Assert.SkipWhen(
            PostgresServer.Programs is null,
            "Needs PostgreSQL: install the server (Debian's package postgresql), or set BANKING_POSTGRESQL to the connection string of a "
                + "user that may make databases.");
}

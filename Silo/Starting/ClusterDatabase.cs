using System.Globalization;
using Banking.Waiting;
using Npgsql;

namespace Banking.Silo.Starting;

/// <summary>
/// The PostgreSQL database that makes silos a cluster: their membership is in a separate schema there. Sentences about it name server and
/// database but never the connection string, which contains a password. Thread-safe.
/// </summary>
internal sealed class ClusterDatabase(string connectionString, TimeProvider time) : IAsyncDisposable
{
    public const string Schema = "banking_cluster";

    /// <summary>A start waits for a server that restarts, but not for one that does not exist.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(4));

    private readonly NpgsqlConnectionStringBuilder _settings = Parse(connectionString);
    private NpgsqlDataSource? _source;

    /// <summary>
    /// Prepares a new connection: the cluster's schema, and the isolation level that the statements are made for, whatever the role's
    /// default. These are not connection parameters, as a pooler such as PgBouncer accepts few of them.
    /// </summary>
    private const string Session = $"SET search_path TO {Schema}; SET default_transaction_isolation TO 'read committed'";

    /// <summary>Pooled connections, in the cluster's schema.</summary>
    public NpgsqlDataSource Source => _source ??= MakeSource();

    /// <summary>Server and database, for people.</summary>
    public string Name =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"PostgreSQL at {Server}, database {_settings.Database ?? _settings.Username ?? "of the system's user"}");

    private string Server => _settings.Host!.Contains(',', StringComparison.Ordinal) || _settings.Host.Contains(
        ':', StringComparison.Ordinal)
        ? _settings.Host
        : string.Create(CultureInfo.InvariantCulture, $"{_settings.Host}:{_settings.Port}");

    /// <summary>What is wrong with a connection string, without quoting any of it; null if nothing is.</summary>
    public static string? ProblemOf(string connectionString)
    {
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host) ? "names no Host" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return "is no connection string: it is like Host=db;Username=bank;Password=…;Database=banking";
        }
    }

    /// <summary>Opens a connection that ends, with its locks, when it is disposed: a pool would keep both.</summary>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        OpenForAsync(_settings.CommandTimeout, cancellationToken);

    /// <summary>As <see cref="OpenAsync"/>, for statements that take less than the given time in seconds.</summary>
    public async Task<NpgsqlConnection> OpenForAsync(int commandTimeout, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(_settings.ToString()) { Pooling = false, CommandTimeout = commandTimeout };
        settings.Timeout = Math.Min(settings.Timeout, commandTimeout);
        var connection = new NpgsqlConnection(settings.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            await PrepareAsync(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <see cref="OpenAsync"/>; an unavailable server is tried again for a while with growing pauses.</summary>
    /// <exception cref="StartException">The server stays unavailable, or refuses.</exception>
    public async Task<NpgsqlConnection> OpenWithRetriesAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var failures = 1; ; failures++)
        {
            var pause = Pauses.After(failures);
            try
            {
                return await OpenAsync(cancellationToken);
            }
            catch (NpgsqlException e) when (IsForNow(e) && time.GetElapsedTime(start) + pause < MaxWait)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
            catch (NpgsqlException e)
            {
                throw new StartException($"{Name}, can't be reached: {Reason(e)} It is set by Banking:Storage:PostgreSql.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null) await _source.DisposeAsync();
    }

    /// <summary>What the server or the network said, as the end of a sentence.</summary>
    public static string Reason(Exception e)
    {
        var text = e is PostgresException refused ? refused.MessageText : (e.InnerException ?? e).Message;
        return text.EndsWith('.') ? text : text + ".";
    }

    // A starting server and one without a free connection report that with specific codes.
    private static bool IsForNow(NpgsqlException e) =>
        e.IsTransient
            || e.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || e.InnerException is IOException or System.Net.Sockets.SocketException or TimeoutException;

    private NpgsqlDataSource MakeSource()
    {
        var builder = new NpgsqlDataSourceBuilder(_settings.ToString());
        builder.UsePhysicalConnectionInitializer(
            static connection =>
            {
                using var session = new NpgsqlCommand(Session, connection);
                session.ExecuteNonQuery();
            },
            PrepareAsync);
        return builder.Build();
    }

    private static async Task PrepareAsync(NpgsqlConnection connection)
    {
        await using var session = new NpgsqlCommand(Session, connection);
        await session.ExecuteNonQueryAsync();
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // The session stays as it was prepared for as long as the connection lives: nobody changes it.
            NoResetOnClose = true,

            // Callers that wait for the membership learn soon that the server hangs or that its packets are dropped; there are few calls at
            // a time.
            Timeout = 3,
            CommandTimeout = 5,
            CancellationTimeout = 1000,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 1,
            HostRecheckSeconds = 2,
            MaxPoolSize = 8,
            MinPoolSize = 0,
        };
        settings.ApplicationName ??= "banking";
        return settings;
    }
}

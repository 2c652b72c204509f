using System.Text.RegularExpressions;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>The settings of a PostgreSQL grain storage.</summary>
public sealed partial class PostgresGrainStorageOptions : GroupCommitOptions
{
    /// <summary>
    /// Npgsql's connection string; several hosts with <c>Target Session Attributes=primary</c> are one database that fails over. It is a
    /// secret and appears in no message. These defaults apply unless it says otherwise. <c>Maximum Pool Size</c> is the sum of
    /// <see cref="Writers"/> and <see cref="Readers"/>. Waits are bounded by <c>Timeout=2</c> to connect, <c>Command Timeout=5</c> for an
    /// answer, and <c>Cancellation Timeout=1000</c> (ms) more for the answer to a cancellation. <c>Tcp Keepalive Time=5</c> and <c>Tcp
    /// Keepalive Interval=1</c> find dead idle connections. <c>GSS Encryption Mode=Disable</c> is set because Npgsql 10 does not bound the
    /// wait to connect otherwise.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The schema of the storage's tables, created if missing: lower-case letters, digits and underscores. Different storages in one
    /// database each have their own schema; the silos of a cluster share one. Default <c>grain_storage</c>.
    /// </summary>
    public string Schema { get; set; } = "grain_storage";

    /// <summary>How many transactions may be in flight, each on its own connection; 1 to 16. Default 2.</summary>
    public int Writers { get; set; } = 2;

    /// <summary>How many connections are used for reading, 1 to 100; a read waits for a free one. Default 8.</summary>
    public int Readers { get; set; } = 8;

    /// <summary>
    /// How long writes and reads wait for an unavailable database before they fail, counted from when it last answered. Later ones then
    /// fail after one attempt to connect. Default 10 seconds, at most 10 minutes.
    /// </summary>
    public TimeSpan ReconnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a silo's start waits for the database. Default 30 seconds, at most an hour.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal override string? Problem() =>
        ConnectionProblem()
        ?? (!SchemaName().IsMatch(Schema) ? $"{nameof(Schema)} must be 1 to 63 lower-case letters, digits and underscores, no digit first"
        : Writers is < 1 or > 16 ? $"{nameof(Writers)} must be 1 to 16"
        : Readers is < 1 or > 100 ? $"{nameof(Readers)} must be 1 to 100"
        : ReconnectTimeout < TimeSpan.Zero || ReconnectTimeout > TimeSpan.FromMinutes(10)
            ? $"{nameof(ReconnectTimeout)} must be between 0 and 10 minutes"
        : StartTimeout < TimeSpan.Zero || StartTimeout > TimeSpan.FromHours(1) ? $"{nameof(StartTimeout)} must be between 0 and an hour"
        : base.Problem());

    /// <summary>The connection string with the defaults for what it left open.</summary>
    internal string FullConnectionString()
    {
        var given = new NpgsqlConnectionStringBuilder(ConnectionString);
        if (!IsSet(given, "Maximum Pool Size")) given.MaxPoolSize = Writers + Readers;

        // These add up to less than the default of ReconnectTimeout, with one more attempt to connect.
        if (!IsSet(given, "Timeout")) given.Timeout = 2;
        if (!IsSet(given, "Command Timeout")) given.CommandTimeout = 5;
        if (!IsSet(given, "Cancellation Timeout")) given.CancellationTimeout = 1000;

        // It is on by default. Then about one in twenty attempts to connect never ends if nobody answers, and the wait of each cancellation
        // doubles (npgsql/npgsql#6655).
        if (!IsSet(given, "GSS Encryption Mode")) given.GssEncryptionMode = GssEncryptionMode.Disable;
        if (!IsSet(given, "Tcp Keepalive Time")) (given.TcpKeepAliveTime, given.TcpKeepAliveInterval) = (5, 1);

        // With several hosts, a replica that has become the primary is soon recognized.
        if (!IsSet(given, "Host Recheck Seconds")) given.HostRecheckSeconds = 2;
        if (!IsSet(given, "Write Buffer Size")) given.WriteBufferSize = 64 << 10;
        if (!IsSet(given, "Max Auto Prepare")) (given.MaxAutoPrepare, given.AutoPrepareMinUsages) = (10, 2);
        if (!IsSet(given, "Application Name")) given.ApplicationName = "grain storage";
        return given.ToString();
    }

    // ContainsKey is true for every known keyword, set or not.
    private static bool IsSet(NpgsqlConnectionStringBuilder given, string keyword) => given.ShouldSerialize(keyword);

    // The exception about a connection string may contain the faulty part, which may be a password.
    private string? ConnectionProblem()
    {
        try
        {
            var given = new NpgsqlConnectionStringBuilder(ConnectionString);
            return string.IsNullOrWhiteSpace(given.Host) ? $"{nameof(ConnectionString)} names no Host"
                : !given.Pooling ? $"{nameof(ConnectionString)} must not switch Pooling off"
                : IsSet(given, "Maximum Pool Size") && given.MaxPoolSize <= Writers
                    ? $"Maximum Pool Size must be above {nameof(Writers)} ({Writers})"
                : null;
        }
        catch (Exception reason) when (reason is ArgumentException or FormatException or KeyNotFoundException)
        {
            return $"{nameof(ConnectionString)} is no connection string of Npgsql";
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();
}

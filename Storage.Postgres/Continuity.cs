using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>
/// Watches that the database stays the one that it was. Each writer counts its transactions in its own row, by compare-and-set. Each new
/// connection is asked which server, timeline and database it leads to, and for these rows. A server on another timeline counts as one that
/// went back: it was a replica or was restored, and may lack what other silos wrote. Thread-safe.
/// </summary>
/// <param name="schema">The schema of the tables; a valid name.</param>
/// <param name="hasSeveralHosts">Whether Npgsql also tries connections to replicas, and gives them up.</param>
/// <param name="place">The database, for messages.</param>
internal sealed partial class Continuity(string schema, bool hasSeveralHosts, string place, ILogger logger) : IStorageContinuity
{
    // Server, timeline and database; nothing for a replica, which has no timeline of its own.
    private const string Identity =
        """
        SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE
            (SELECT system_identifier FROM pg_control_system())::text || ' on timeline ' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
            || ', database ' || (SELECT oid FROM pg_database WHERE datname = current_database())::text END
        """;

    private readonly string _behind =
        $"""
        SELECT count(*) FROM unnest($1::uuid[], $2::bigint[]) AS o (id, n) LEFT JOIN {schema}.writer w ON w.id = o.id
        WHERE w.n IS NULL OR w.n < o.n
        """;

    private readonly Lock _lock = new();
    private volatile WriterCount[] _counts = [];
    private volatile string? _loss;
    private string? _identity;
    private volatile int _epoch;
    private TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Loss => _loss;

    /// <summary>0 at first, and another number after each acceptance: what was begun in an earlier epoch is not finished.</summary>
    public int Epoch => _epoch;

    public Task WhenLostAsync()
    {
        lock (_lock) return _lost.Task;
    }

    public void Accept()
    {
        lock (_lock)
        {
            if (_loss is null) return;
            _epoch = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            _counts = [];
            _identity = null;
            _lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            OnAccepted?.Invoke();
            _loss = null;
        }

        LogAccepted(logger, place);
    }

    /// <summary>Called when the database was accepted: connections made before may lead elsewhere.</summary>
    public Action? OnAccepted { get; set; }

    /// <summary>Whether an error says that the storage's tables don't exist.</summary>
    public static bool IsMissing(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName;

    /// <exception cref="StorageWentBackException">The database went back and was not accepted yet.</exception>
    public void Require()
    {
        if (_loss is { } loss) throw new StorageWentBackException(loss);
    }

    /// <summary>Adds a count whose row is in the database.</summary>
    public void Add(WriterCount count)
    {
        lock (_lock)
        {
            if (count.Epoch == _epoch) _counts = [.. _counts, count];
        }
    }

    /// <summary>Fills columns with what each writer's row must say: the writer's own row first, then the others.</summary>
    public void Fill(WriterCount? own, List<Guid> ids, List<long> counts)
    {
        ids.Clear();
        counts.Clear();
        if (own is not null)
        {
            ids.Add(own.Id);
            counts.Add(own.Expected);
        }

        foreach (var other in _counts)
        {
            if (ReferenceEquals(other, own)) continue;
            ids.Add(other.Id);
            counts.Add(other.Acknowledged);
        }
    }

    /// <summary>Stops all reading and writing. What was found in an earlier epoch has been accepted since, and is ignored.</summary>
    public void Lose(int epoch, string what)
    {
        lock (_lock)
        {
            if (epoch != _epoch || _loss is not null) return;
            _loss =
                $"The {place} went back, or is another one: {what}. Nothing is read or written until it has been compared with the log.";
            _lost.SetResult();
        }

        LogLost(logger, _loss);
    }

    /// <summary>Checks a new connection; what it finds stops the storage, not the connection.</summary>
    public void Look(NpgsqlConnection connection)
    {
        var epoch = Epoch;
        using var identity = new NpgsqlCommand(Identity, connection);
        if (!Take(epoch, identity.ExecuteScalar() as string)) return;
        if (Behind(connection) is not { } behind) return;
        using (behind)
        {
            try
            {
                Judge(epoch, (long)behind.ExecuteScalar()!);
            }
            catch (PostgresException e) when (IsMissing(e))
            {
                Lose(epoch, "its tables are gone");
            }
        }
    }

    /// <inheritdoc cref="Look"/>
    public async Task LookAsync(NpgsqlConnection connection)
    {
        var epoch = Epoch;
        await using var identity = new NpgsqlCommand(Identity, connection);
        if (!Take(epoch, await identity.ExecuteScalarAsync().ConfigureAwait(false) as string)) return;
        if (Behind(connection) is not { } behind) return;
        await using (behind.ConfigureAwait(false))
        {
            try
            {
                Judge(epoch, (long)(await behind.ExecuteScalarAsync().ConfigureAwait(false))!);
            }
            catch (PostgresException e) when (IsMissing(e))
            {
                Lose(epoch, "its tables are gone");
            }
        }
    }

    // Whether there is more to check.
    private bool Take(int epoch, string? identity)
    {
        if (identity is null)
        {
            // With several hosts, Npgsql goes on to the primary.
            return hasSeveralHosts ? false : throw new NpgsqlException("The server is a replica, which may be behind what was answered");
        }

        string? before;
        lock (_lock)
        {
            if (epoch != _epoch) return false;
            before = _identity ??= identity;
        }

        if (before == identity) return true;
        Lose(epoch, $"it is the system {identity}, and was {before}");
        return false;
    }

    private NpgsqlCommand? Behind(NpgsqlConnection connection)
    {
        var (ids, counts) = (new List<Guid>(), new List<long>());
        Fill(null, ids, counts);
        if (ids.Count == 0) return null;
        return new NpgsqlCommand(_behind, connection)
        {
            Parameters = { new NpgsqlParameter<List<Guid>> { TypedValue = ids }, new NpgsqlParameter<List<long>> { TypedValue = counts } },
        };
    }

    private void Judge(int epoch, long behind)
    {
        if (behind > 0)
        {
            Lose(epoch, string.Create(CultureInfo.InvariantCulture, $"{behind} of its writers had committed more than it knows of"));
        }
    }

    [LoggerMessage(8, LogLevel.Error, "{Loss}")]
    private static partial void LogLost(ILogger logger, string loss);

    [LoggerMessage(9, LogLevel.Warning, "The {Place} is read and written again as it is now")]
    private static partial void LogAccepted(ILogger logger, string place);
}

using Npgsql;
using NpgsqlTypes;

namespace Banking.Storage.Postgres;

/// <summary>The prepared statements of one writing connection, over columns that the caller fills. Used by one thread.</summary>
internal sealed class WriteStatements : IDisposable
{
    private const string Columns = "state_name, grain_key, grain_type, expected, written_at, pending, payload";
    private const string Rows = $"unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY AS w ({Columns}, ordinal)";
    private const string SameRow = "g.state_name = w.state_name AND g.grain_key = w.grain_key AND g.grain_type = w.grain_type";

    // A transaction finds each of its rows by the key, however small the planner thinks the table is. It is planned once, on the first use
    // of a connection. Two statements that meet at a row decide by its version and are not rolled back, whatever isolation level is the
    // role's default. What is answered was flushed, whatever the server's default; if that is more than "on" (remote_apply), it stays.
    private const string Session =
        """
        SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
        SET default_transaction_isolation = 'read committed';
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """;

    // If there is not one row for each count, the division fails, and the transaction with it, before anything is written.
    private const string Count =
        """
        WITH counted AS (
            UPDATE {schema}.writer w SET n = w.n + 1
            WHERE w.id = ($1)[1] AND w.n = ($2)[1] AND NOT EXISTS (
                SELECT FROM unnest($1, $2) WITH ORDINALITY AS o (id, n, ordinal) LEFT JOIN {schema}.writer x ON x.id = o.id
                WHERE o.ordinal > 1 AND (x.n IS NULL OR x.n < o.n))
            RETURNING 1)
        SELECT 1 / count(*) FROM counted
        """;

    private readonly List<Guid> _ids = [];
    private readonly List<long> _counts = [];
    private readonly Continuity _continuity;
    private readonly WriterCount _own;
    private readonly NpgsqlBatch _update;
    private readonly NpgsqlBatch _insert;
    private readonly NpgsqlBatch _updateAndInsert;
    private readonly NpgsqlBatch _look;

    /// <param name="connection">An open connection.</param>
    /// <param name="schema">The schema of the table; a valid name.</param>
    /// <param name="continuity">The database's continuity.</param>
    /// <param name="own">The writer's count; its row is in the database.</param>
    /// <param name="updates">Writes of rows that should exist.</param>
    /// <param name="inserts">Writes of rows that should not exist.</param>
    /// <param name="looks">Rows whose versions are asked for.</param>
    /// <exception cref="NpgsqlException">The database is unavailable, or refused.</exception>
    public WriteStatements(
        NpgsqlConnection connection, string schema, Continuity continuity, WriterCount own, WriteColumns updates, WriteColumns inserts,
        WriteColumns looks)
    {
        (_continuity, _own) = (continuity, own);
        using (var session = new NpgsqlCommand(Session, connection)) session.ExecuteNonQuery();
        _update = Prepared(connection, Counting(schema), Update(schema, updates));
        _insert = Prepared(connection, Counting(schema), Insert(schema, inserts));
        _updateAndInsert = Prepared(connection, Counting(schema), Update(schema, updates), Insert(schema, inserts));
        _look = Prepared(connection, Look(schema, looks));
    }

    /// <summary>
    /// Counts the transaction, updates rows at their expected versions and inserts those that are missing; it is committed when the reader
    /// has no further result. Gives the ordinals (from 1) of the updated rows, if there is anything to update, and then the keys of the
    /// inserted rows.
    /// </summary>
    /// <exception cref="PostgresException">PostgreSQL reported an error. If it is <see cref="IsMiscounted"/>, the writers' rows did not say
    /// what they must, and nothing was written.</exception>
    public NpgsqlDataReader Write(bool updates, bool inserts)
    {
        _continuity.Fill(_own, _ids, _counts);
        _own.Sent();
        var reader = (updates ? inserts ? _updateAndInsert : _update : _insert).ExecuteReader();
        try
        {
            reader.NextResult();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Whether the writers' rows did not say what they must.</summary>
    public static bool IsMiscounted(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DivisionByZero || Continuity.IsMissing(e);

    /// <summary>The ordinals (from 1) and versions of the rows that exist.</summary>
    public NpgsqlDataReader Look() => _look.ExecuteReader();

    public void Dispose()
    {
        foreach (var batch in new[] { _update, _insert, _updateAndInsert, _look }) batch.Dispose();
    }

    private static NpgsqlBatch Prepared(NpgsqlConnection connection, params ReadOnlySpan<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var command in commands) batch.BatchCommands.Add(command);
        batch.Prepare();
        return batch;
    }

    private NpgsqlBatchCommand Counting(string schema) => new(Count.Replace("{schema}", schema, StringComparison.Ordinal))
    {
        Parameters =
        {
            new NpgsqlParameter<List<Guid>> { TypedValue = _ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new NpgsqlParameter<List<long>> { TypedValue = _counts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        },
    };

    private static NpgsqlBatchCommand Update(string schema, WriteColumns rows)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            UPDATE {schema}.grain_state g
            SET version = w.expected + 1, written_at = w.written_at, pending = w.pending, payload = w.payload
            FROM {Rows}
            WHERE {SameRow} AND g.version = w.expected
            RETURNING w.ordinal
            """);
        rows.AddParameters(command.Parameters);
        return command;
    }

    private static NpgsqlBatchCommand Insert(string schema, WriteColumns rows)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            INSERT INTO {schema}.grain_state (state_name, grain_key, grain_type, version, written_at, pending, payload)
            SELECT w.state_name, w.grain_key, w.grain_type, w.expected + 1, w.written_at, w.pending, w.payload
            FROM {Rows}
            ON CONFLICT (state_name, grain_key, grain_type) DO NOTHING
            RETURNING state_name, grain_key, grain_type
            """);
        rows.AddParameters(command.Parameters);
        return command;
    }

    private static NpgsqlBatchCommand Look(string schema, WriteColumns rows)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            SELECT w.ordinal, g.version
            FROM unnest($1, $2, $3) WITH ORDINALITY AS w (
                state_name, grain_key, grain_type, ordinal) JOIN {schema}.grain_state g ON {SameRow}
            """);
        rows.AddKeyParameters(command.Parameters);
        return command;
    }
}

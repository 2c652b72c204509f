using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>The statements of one writing connection, prepared, over columns that their user fills. One thread.</summary>
internal sealed class WriteStatements : IDisposable
{
    private const string Columns = "state_name, grain_key, grain_type, expected, written_at, pending, payload";
    private const string Rows = $"unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY AS w ({Columns}, ordinal)";
    private const string SameRow = "g.state_name = w.state_name AND g.grain_key = w.grain_key AND g.grain_type = w.grain_type";

    // A transaction finds each of its rows by the key, however small the planner thinks that the table is, and is planned once: on the first use of a connection.
    // What is answered was flushed, whatever the server's default: where that is more than "on" (remote_apply) it stays.
    private const string Session =
        """
        SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """;

    private readonly NpgsqlBatch _update;
    private readonly NpgsqlBatch _insert;
    private readonly NpgsqlBatch _updateAndInsert;
    private readonly NpgsqlBatch _look;

    /// <param name="connection">Open.</param>
    /// <param name="schema">Of the table; a valid name.</param>
    /// <param name="updates">Writes of rows that should exist.</param>
    /// <param name="inserts">Writes of rows that should not.</param>
    /// <param name="looks">Rows whose versions are asked for.</param>
    /// <exception cref="NpgsqlException">The database is away, or refused.</exception>
    public WriteStatements(NpgsqlConnection connection, string schema, WriteColumns updates, WriteColumns inserts, WriteColumns looks)
    {
        using (var session = new NpgsqlCommand(Session, connection)) session.ExecuteNonQuery();
        _update = Prepared(connection, Update(schema, updates));
        _insert = Prepared(connection, Insert(schema, inserts));
        _updateAndInsert = Prepared(connection, Update(schema, updates), Insert(schema, inserts));
        _look = Prepared(connection, Look(schema, looks));
    }

    /// <summary>
    /// Updates rows at their expected versions and inserts those that are missing, in one transaction, which is committed when the reader has no next result. Gives the ordinals
    /// (from 1) of what was updated, if there is something to update, and then the keys of what was inserted.
    /// </summary>
    public NpgsqlDataReader Write(bool updates, bool inserts) => (updates ? inserts ? _updateAndInsert : _update : _insert).ExecuteReader();

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
            FROM unnest($1, $2, $3) WITH ORDINALITY AS w (state_name, grain_key, grain_type, ordinal) JOIN {schema}.grain_state g ON {SameRow}
            """);
        rows.AddKeyParameters(command.Parameters);
        return command;
    }
}

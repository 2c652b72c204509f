using Banking.Storage.GroupCommit;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>
/// Commits a batch in one round trip: an UPDATE of the rows that should exist and an INSERT of those that should not, in one implicit
/// transaction. The server never waits for this process with locks held, so a silo that stalls holds up nobody. Used by one thread.
/// </summary>
internal sealed class PostgresCommitter : IBatchCommitter
{
    private const int MostRollbacks = 5;

    private readonly WriterConnection _connection;
    private readonly Outage _outage;
    private readonly Continuity _continuity;
    private readonly WriterRow _row;
    private readonly string _place;
    private readonly WriteColumns _updates = new();
    private readonly WriteColumns _inserts = new();
    private readonly WriteColumns _undecided = new();

    private readonly List<GrainWrite> _ordered = [];

    /// <summary>The writes that a transaction made, and the resulting versions of their rows.</summary>
    private readonly Dictionary<GrainWrite, long> _made = [];

    /// <param name="source">Gives connections.</param>
    /// <param name="schema">The schema of the table; a valid name.</param>
    /// <param name="continuity">The database's continuity, shared by all connections of the storage.</param>
    /// <param name="outage">Shared by all connections of the storage.</param>
    /// <param name="place">The database, for messages.</param>
    /// <param name="time">For the pauses while the database is unavailable.</param>
    /// <param name="stopping">Ends the pauses.</param>
    public PostgresCommitter(
        NpgsqlDataSource source, string schema, Continuity continuity, Outage outage, string place, TimeProvider time,
        CancellationToken stopping)
    {
        (_continuity, _row) = (continuity, new WriterRow(schema, continuity));
        _connection = new WriterConnection(
            source,
            connection => new WriteStatements(connection, schema, continuity, _row.Ready(connection), _updates, _inserts, _undecided),
            outage,
            place,
            time,
            stopping);
        (_outage, _place) = (outage, place);
    }

    public void Commit(IReadOnlyList<GrainWrite> batch)
    {
        foreach (var write in batch) RequireSame(write.Epoch);
        Sort(batch);
        if (_updates.Writes.Count + _inserts.Writes.Count > 0) WriteRetrying(batch[0].Epoch);
        foreach (var (write, version) in _made) write.Accept(version);
        if (_made.Count < batch.Count) DecideOthers(batch);
    }

    public void Tidy()
    {
        // The server's autovacuum does the housekeeping.
    }

    public void Dispose() => _connection.Dispose();

    private void Sort(IReadOnlyList<GrainWrite> batch)
    {
        _updates.Clear();
        _inserts.Clear();
        _made.Clear();
        _ordered.Clear();
        _ordered.AddRange(batch);

        // Silos that each believe they own the same grains would deadlock if each locked the rows in its own order.
        _ordered.Sort(static (x, y) =>
            x.Row.GrainId.GetUniformHashCode().CompareTo(y.Row.GrainId.GetUniformHashCode()) is var order and not 0
                ? order
                : string.CompareOrdinal(x.Row.StateName, y.Row.StateName));
        foreach (var write in _ordered)
        {
            if (write.Expected > RowVersion.None) _updates.Add(write);
            else if (write is { Expected: RowVersion.None, Payload: not null }) _inserts.Add(write);
        }
    }

    // Until the database is accepted nothing is written, and what rests on an earlier state is not written even then.
    private void RequireSame(int epoch)
    {
        var loss = _continuity.Loss ?? (_continuity.Epoch == epoch ? null : $"The {_place} went back since the state was read");
        if (loss is not null) throw new StorageWriteFailedException(loss, new StorageWentBackException(loss));
    }

    private WriteStatements Connected(int epoch)
    {
        RequireSame(epoch);
        if (_row.IsOfThePast) _connection.Discard();
        var statements = _connection.Get();
        RequireSame(epoch);
        return statements;
    }

    private void WriteRetrying(int epoch)
    {
        for (var rollbacks = 0; ; rollbacks++)
        {
            var statements = Connected(epoch);
            var began = _outage.Begin();
            try
            {
                Write(statements);
                _outage.Over();
                return;
            }
            catch (Exception reason) when (PostgresFailures.IsRolledBackForOthers(reason) && rollbacks < MostRollbacks)
            {
                // Two silos that both believe they own the same grains collided here; nothing of this batch was written.
            }
            catch (PostgresException reason) when (WriteStatements.IsMiscounted(reason) && rollbacks < MostRollbacks)
            {
                // Nothing was written. Either an answer was lost though its transaction was made, which the row tells, or the database went
                // back.
                _connection.Discard();
            }
            catch (Exception reason)
            {
                if (PostgresFailures.IsAway(reason)) _connection.Lost(began);
                else _connection.Discard();
                throw new StorageWriteFailedException(
                    $"The grain storage in {_place} could not write: "
                        + $"{PostgresFailures.Sentence(reason)}.", PostgresFailures.IsOutcomeUnknown(reason), reason);
            }
        }
    }

    private void Write(WriteStatements statements)
    {
        _made.Clear();
        var (hasUpdates, hasInserts) = (_updates.Writes.Count > 0, _inserts.Writes.Count > 0);
        using var reader = statements.Write(hasUpdates, hasInserts);
        if (hasUpdates)
        {
            while (reader.Read()) Add(_updates.Writes[(int)reader.GetInt64(0) - 1]);
            if (hasInserts) reader.NextResult();
        }

        if (hasInserts)
        {
            var byRow = _inserts.Writes.ToDictionary(write => write.Row);
            while (reader.Read()) Add(byRow[RowOf(reader)]);
        }

        // The commit's own answer follows the last result.
        reader.NextResult();
        _row.Committed();

        void Add(GrainWrite write) => _made.Add(write, RowVersion.After(write.Expected, write.Payload is null));
    }

    /// <summary>
    /// Decides the writes that changed nothing: conflicts, and clears of what never existed. The others are committed, whatever happens
    /// here.
    /// </summary>
    private void DecideOthers(IReadOnlyList<GrainWrite> batch)
    {
        _undecided.Clear();
        foreach (var write in batch)
        {
            if (!_made.ContainsKey(write)) _undecided.Add(write);
        }

        var versions = new long[_undecided.Writes.Count];
        try
        {
            using var reader = _connection.Get().Look();
            while (reader.Read()) versions[reader.GetInt64(0) - 1] = reader.GetInt64(1);
            reader.NextResult();
        }
        catch (Exception reason) when (reason is NpgsqlException or StorageWriteFailedException)
        {
            // None of them was written, which is all that a conflict says for certain; their grains read their states again.
            _connection.Discard();
            Array.Fill(versions, RowVersion.Unmatched);
        }

        for (var i = 0; i < versions.Length; i++)
        {
            var write = _undecided.Writes[i];
            if (write is { Expected: RowVersion.None, Payload: null } && versions[i] == RowVersion.None) write.Accept(RowVersion.None);
            else write.Refuse(versions[i]);
        }
    }

    private static GrainRow RowOf(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            GrainId.Create(new GrainType(reader.GetFieldValue<byte[]>(2)), new IdSpan(reader.GetFieldValue<byte[]>(1))));
}

using System.Globalization;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>
/// The row in which one writer counts its transactions: made with its first connection, and compared with what the writer knows on each
/// later one. Used by one thread.
/// </summary>
internal sealed class WriterRow(string schema, Continuity continuity)
{
    private WriterCount? _count;

    /// <summary>Whether the row is from before the database was accepted as it is.</summary>
    public bool IsOfThePast => _count is not null && _count.Epoch != continuity.Epoch;

    /// <summary>The count that the next transaction may rest on.</summary>
    /// <exception cref="StorageWentBackException">The database is not the one that it was.</exception>
    /// <exception cref="NpgsqlException">The database is unavailable, or refuses.</exception>
    public WriterCount Ready(NpgsqlConnection connection)
    {
        continuity.Require();
        if (_count is null || IsOfThePast) return _count = Make(connection);
        var stored = Stored(connection);
        if (!_count.Settle(stored))
        {
            var known = stored is null ? "nothing" : stored.Value.ToString(CultureInfo.InvariantCulture);
            continuity.Lose(
                _count.Epoch,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"one of its writers had committed {_count.Acknowledged} times, and it knows of {known}"));
        }

        continuity.Look(connection);
        continuity.Require();
        return _count;
    }

    /// <summary>Notes that the transaction that was sent is committed.</summary>
    public void Committed() => _count!.Committed();

    private WriterCount Make(NpgsqlConnection connection)
    {
        var count = new WriterCount(continuity.Epoch);
        using var insert = new NpgsqlCommand(
            $"INSERT INTO {schema}.writer (id, n) VALUES ($1, 0)",
            connection)
        { Parameters = { new NpgsqlParameter<Guid> { TypedValue = count.Id } } };
        insert.ExecuteNonQuery();
        continuity.Add(count);
        return count;
    }

    private long? Stored(NpgsqlConnection connection)
    {
        using var select = new NpgsqlCommand(
            $"SELECT n FROM {schema}.writer WHERE id = $1",
            connection)
        { Parameters = { new NpgsqlParameter<Guid> { TypedValue = _count!.Id } } };
        try
        {
            return select.ExecuteScalar() as long?;
        }
        catch (PostgresException e) when (Continuity.IsMissing(e))
        {
            return null;
        }
    }
}

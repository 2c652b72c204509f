using System.Text;
using Banking.Sqlite;
using Banking.Storage.GroupCommit;

namespace Banking.Storage.Sqlite;

/// <summary>A reading connection and its queries. No query leaves a read transaction open. Used by one thread at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _state;
    private readonly SqliteStatement _keys;
    private readonly SqliteStatement _pending;

    /// <summary>Takes ownership of <paramref name="connection"/> and disposes it.</summary>
    public SqliteReader(SqliteConnection connection)
    {
        _connection = connection;
        _state = connection.Prepare(
            "SELECT version, payload FROM grain_state WHERE state_name = ?1 AND grain_key = ?2 AND grain_type = ?3");
        _keys = connection.Prepare(
            """
            SELECT DISTINCT grain_key FROM grain_state
            WHERE state_name = ?1 AND grain_key > ?2 AND payload IS NOT NULL ORDER BY grain_key LIMIT ?3
            """);
        _pending = connection.Prepare(
            """
            SELECT grain_key, grain_type FROM grain_state
            WHERE pending = 1 AND state_name = ?1 AND (grain_key, grain_type) > (?2, ?3) AND written_at < ?4
            ORDER BY grain_key, grain_type LIMIT ?5
            """);
    }

    public StoredState ReadState(GrainRow row)
    {
        _state.Bind(1, row.StateName);
        _state.Bind(2, row.GrainId.Key.AsSpan());
        _state.Bind(3, row.GrainId.Type.AsSpan());
        try
        {
            if (!_state.Step()) return default;
            return new StoredState(_state.Int64(0), _state.IsNull(1) ? null : _state.Blob(1).ToArray());
        }
        finally
        {
            _state.Reset();
        }
    }

    public List<string> ReadKeys(string stateName, string after, int limit)
    {
        _keys.Bind(1, stateName);
        _keys.Bind(2, Encoding.UTF8.GetBytes(after));
        _keys.Bind(3, limit);
        var keys = new List<string>();
        try
        {
            while (_keys.Step()) keys.Add(Encoding.UTF8.GetString(_keys.Blob(0)));
        }
        finally
        {
            _keys.Reset();
        }

        return keys;
    }

    public List<GrainId> ReadPending(string stateName, GrainId after, long writtenBefore, int limit)
    {
        _pending.Bind(1, stateName);
        _pending.Bind(2, after.Key.AsSpan());
        _pending.Bind(3, after.Type.AsSpan());
        _pending.Bind(4, writtenBefore);
        _pending.Bind(5, limit);
        var grains = new List<GrainId>();
        try
        {
            while (_pending.Step())
                grains.Add(GrainId.Create(new GrainType(_pending.Blob(1).ToArray()), new IdSpan(_pending.Blob(0).ToArray())));
        }
        finally
        {
            _pending.Reset();
        }

        return grains;
    }

    public void Dispose() => _connection.Dispose();
}

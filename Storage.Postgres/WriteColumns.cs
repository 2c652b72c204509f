using Banking.Storage.GroupCommit;
using Npgsql;
using NpgsqlTypes;

namespace Banking.Storage.Postgres;

/// <summary>
/// The writes of one statement as arrays, one per column; <c>unnest</c> turns them into rows again. They are refilled for each transaction.
/// </summary>
internal sealed class WriteColumns
{
    private readonly List<string> _stateNames = [];
    private readonly List<byte[]> _keys = [];
    private readonly List<byte[]> _types = [];
    private readonly List<long> _expected = [];
    private readonly List<long> _writtenAt = [];
    private readonly List<bool> _pending = [];
    private readonly List<ReadOnlyMemory<byte>?> _payloads = [];

    public List<GrainWrite> Writes { get; } = [];

    public void Add(GrainWrite write)
    {
        Writes.Add(write);
        _stateNames.Add(write.Row.StateName);
        _keys.Add(IdSpan.UnsafeGetArray(write.Row.GrainId.Key) ?? []);
        _types.Add(IdSpan.UnsafeGetArray(write.Row.GrainId.Type.Value) ?? []);
        _expected.Add(write.Expected);
        _writtenAt.Add(write.WrittenAt);
        _pending.Add(write.IsPending);
        _payloads.Add(write.Payload);
    }

    public void Clear()
    {
        Writes.Clear();
        _stateNames.Clear();
        _keys.Clear();
        _types.Clear();
        _expected.Clear();
        _writtenAt.Clear();
        _pending.Clear();
        _payloads.Clear();
    }

    /// <summary>The columns as parameters $1 to $3: the key alone.</summary>
    public void AddKeyParameters(NpgsqlParameterCollection parameters)
    {
        Add(parameters, _stateNames, NpgsqlDbType.Text);
        Add(parameters, _keys, NpgsqlDbType.Bytea);
        Add(parameters, _types, NpgsqlDbType.Bytea);
    }

    /// <summary>The columns as parameters $1 to $7.</summary>
    public void AddParameters(NpgsqlParameterCollection parameters)
    {
        AddKeyParameters(parameters);
        Add(parameters, _expected, NpgsqlDbType.Bigint);
        Add(parameters, _writtenAt, NpgsqlDbType.Bigint);
        Add(parameters, _pending, NpgsqlDbType.Boolean);
        Add(parameters, _payloads, NpgsqlDbType.Bytea);
    }

    private static void Add<TElement>(NpgsqlParameterCollection parameters, List<TElement> column, NpgsqlDbType type) =>
        parameters.Add(new NpgsqlParameter<List<TElement>> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
}

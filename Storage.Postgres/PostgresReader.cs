using Banking.Storage.GroupCommit;
using Npgsql;
using NpgsqlTypes;

namespace Banking.Storage.Postgres;

/// <summary>The reading statements, each on a connection of the pool, repeated while the database is unavailable. Thread-safe.</summary>
internal sealed class PostgresReader(
    NpgsqlDataSource source, string schema, Continuity continuity, Outage outage, string place, TimeProvider time)
{
    private readonly string _state =
        $"SELECT version, payload FROM {schema}.grain_state WHERE state_name = $1 AND grain_key = $2 AND grain_type = $3";

    private readonly string _states =
        $"""
        SELECT w.ordinal, g.version, g.payload
        FROM unnest($1, $2, $3) WITH ORDINALITY AS w (state_name, grain_key, grain_type, ordinal)
        JOIN {schema}.grain_state g ON g.state_name = w.state_name AND g.grain_key = w.grain_key AND g.grain_type = w.grain_type
        """;

    private readonly string _keys =
        $"""
        SELECT DISTINCT grain_key FROM {schema}.grain_state
        WHERE state_name = $1 AND grain_key > $2 AND payload IS NOT NULL ORDER BY grain_key LIMIT $3
        """;

    private readonly string _pending =
        $"""
        SELECT grain_key, grain_type FROM {schema}.grain_state
        WHERE pending AND state_name = $1 AND (grain_key, grain_type) > ($2, $3) AND written_at < $4
        ORDER BY grain_key, grain_type LIMIT $5
        """;

    private long _readAt = time.GetTimestamp();

    public Task<StoredState> ReadStateAsync(GrainRow row, CancellationToken cancellationToken) => ReadAsync(
        _state,
        () => [Text(row.StateName), Bytes(row.GrainId.Key), Bytes(row.GrainId.Type.Value)],
        async (reader, token) => await reader.ReadAsync(token)
            ? new StoredState(reader.GetInt64(0), await reader.IsDBNullAsync(1, token) ? null : reader.GetFieldValue<byte[]>(1))
            : default,
        cancellationToken);

    public Task<IReadOnlyList<StoredState>> ReadStatesAsync(IReadOnlyList<GrainRow> rows, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredState>>(
        _states,
        () =>
        [
            new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.StateName)],
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            Many(rows.Select(row => row.GrainId.Key)),
            Many(rows.Select(row => row.GrainId.Type.Value)),
        ],
        async (reader, token) =>
        {
            var states = new StoredState[rows.Count];
            while (await reader.ReadAsync(token))
                states[reader.GetInt64(0) - 1] = new StoredState(
                    reader.GetInt64(1), await reader.IsDBNullAsync(2, token) ? null : reader.GetFieldValue<byte[]>(2));
            return states;
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> ReadKeysAsync(string stateName, string after, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<string>>(
        _keys,
        () => [Text(stateName), Bytes(IdSpan.Create(after)), Number(limit)],
        async (reader, token) =>
        {
            var keys = new List<string>();
            while (await reader.ReadAsync(token)) keys.Add(new IdSpan(reader.GetFieldValue<byte[]>(0)).ToString()!);
            return keys;
        },
        cancellationToken);

    public Task<IReadOnlyList<GrainId>> ReadPendingAsync(
        string stateName, GrainId after, long writtenBefore, int limit,
        CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<GrainId>>(
        _pending,
        () => [Text(stateName), Bytes(after.Key), Bytes(after.Type.Value), Number(writtenBefore), Number(limit)],
        async (reader, token) =>
        {
            var grains = new List<GrainId>();
            while (await reader.ReadAsync(token))
                grains.Add(GrainId.Create(new GrainType(reader.GetFieldValue<byte[]>(1)), new IdSpan(reader.GetFieldValue<byte[]>(0))));
            return grains;
        },
        cancellationToken);

    private async Task<TResult> ReadAsync<TResult>(
        string sql, Func<NpgsqlParameter[]> parameters, Func<NpgsqlDataReader, CancellationToken, Task<TResult>> read,
        CancellationToken cancellationToken)
    {
        var epoch = continuity.Epoch;
        for (var attempt = 1; ; attempt++)
        {
            var began = outage.Begin();
            try
            {
                continuity.Require();
                if (!outage.IsOn && QuietConnections.IsQuiet(Volatile.Read(ref _readAt), time))
                    await QuietConnections.RefreshAsync(source, cancellationToken).ConfigureAwait(false);
                await using var command = source.CreateCommand(sql);
                command.Parameters.AddRange(parameters());
                await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                var result = await read(reader, cancellationToken).ConfigureAwait(false);
                outage.Over();
                Volatile.Write(ref _readAt, time.GetTimestamp());

                // The connection may be a new one, to a database that has gone back.
                continuity.Require();
                return continuity.Epoch == epoch ? result : throw new StorageWentBackException($"The {place} went back while it was read");
            }
            catch (StorageWentBackException reason)
            {
                throw new StorageReadFailedException(reason.Message, reason);
            }
            catch (Exception reason) when (PostgresFailures.IsDatabases(reason))
            {
                if (!PostgresFailures.IsAway(reason) || outage.Missed(attempt, began) is not { } pause)
                    throw new StorageReadFailedException(
                        $"The grain storage in {place} could not be read: {PostgresFailures.Sentence(reason)}.", reason);
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectDisposedException reason)
            {
                throw new StorageReadFailedException($"The grain storage in {place} has stopped.", reason);
            }
        }
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<byte[][]> Many(IEnumerable<IdSpan> values) =>
        new()
        {
            TypedValue = [.. values.Select(value => IdSpan.UnsafeGetArray(value) ?? [])],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea
        };

    private static NpgsqlParameter<byte[]> Bytes(IdSpan value) =>
        new() { TypedValue = IdSpan.UnsafeGetArray(value) ?? [], NpgsqlDbType = NpgsqlDbType.Bytea };
}

using System.Globalization;
using Banking.Storage.GroupCommit;
using Banking.Storage.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Banking.Storage.Postgres;

/// <summary>A PostgreSQL database in use: its writer threads and its readers. Thread-safe.</summary>
internal sealed class PostgresGrainRows : IGrainRows
{
    /// <summary>PostgreSQL's index takes at most 2,704 bytes per entry; this leaves room for what it adds.</summary>
    private const int MostKeyBytes = 2_500;

    private readonly NpgsqlDataSource _source;
    private readonly Continuity _continuity;
    private readonly PostgresReader _reader;
    private readonly GroupWriter _writer;
    private readonly StorageMetrics _metrics;
    private readonly CancellationTokenSource _stopping = new();

    private PostgresGrainRows(
        string name, PostgresGrainStorageOptions options, NpgsqlDataSource source, Continuity continuity, string place, TimeProvider time,
        ILogger logger)
    {
        (_source, _continuity) = (source, continuity);
        var outage = new Outage(options.ReconnectTimeout, time);
        var queue = new WriteQueue(options.MaxQueuedWrites, options.MaxTransactionRows, options.MaxTransactionBytes, time);
        _metrics = new StorageMetrics(name, () => queue.Count);
        _reader = new PostgresReader(source, options.Schema, continuity, outage, place, time);
        var committers = Enumerable.Range(0, options.Writers)
            .Select(_ => new PostgresCommitter(source, options.Schema, continuity, outage, place, time, _stopping.Token));
        _writer = new GroupWriter(name, queue, [.. committers], _metrics, time, logger);
    }

    public int Epoch => _continuity.Epoch;

    public IStorageContinuity Continuity => _continuity;

    /// <exception cref="StorageOpenException">The database can't be used.</exception>
    public static async Task<IGrainRows> OpenAsync(
        string name, PostgresGrainStorageOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var given = new NpgsqlConnectionStringBuilder(options.FullConnectionString());
        var place = PlaceOf(given);
        var continuity = new Continuity(options.Schema, given.Host!.Contains(','), place, logger);
        var builder = new NpgsqlDataSourceBuilder(given.ToString());
        builder.UsePhysicalConnectionInitializer(continuity.Look, continuity.LookAsync);
        var source = builder.Build();
        continuity.OnAccepted = source.Clear;
        try
        {
            await PostgresStart.PrepareAsync(source, place, options, time, logger, cancellationToken);
            return new PostgresGrainRows(name, options, source, continuity, place, time, logger);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public Task<WriteOutcome> WriteAsync(GrainWrite write)
    {
        var row = write.Row;
        if (row.StateName.Contains('\0', StringComparison.Ordinal))
        {
            throw new StorageWriteFailedException($"Not written: the name of {row} has a NUL character.");
        }
        var bytes = row.StateName.Length + row.GrainId.Key.AsSpan().Length + row.GrainId.Type.AsSpan().Length;
        return bytes <= MostKeyBytes
            ? _writer.WriteAsync(write)
            : throw new StorageWriteFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Not written: the key of {row} has {bytes} bytes with its type and name; PostgreSQL's index takes {MostKeyBytes}."));
    }

    public ValueTask<StoredState> ReadAsync(GrainRow row) => new(_reader.ReadStateAsync(row, _stopping.Token));

    public Task<IReadOnlyList<StoredState>> ReadManyAsync(IReadOnlyList<GrainRow> rows, CancellationToken cancellationToken) =>
        _reader.ReadStatesAsync(rows, cancellationToken);

    public Task<IReadOnlyList<string>> ReadKeysAsync(string stateName, string after, int limit, CancellationToken cancellationToken) =>
        _reader.ReadKeysAsync(stateName, after, limit, cancellationToken);

    public Task<IReadOnlyList<GrainId>> ReadPendingAsync(
        string stateName, GrainId after, long writtenBefore, int limit, CancellationToken cancellationToken) =>
        _reader.ReadPendingAsync(stateName, after, writtenBefore, limit, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stopping.CancelAsync();
            await _writer.StopAsync();
        }
        finally
        {
            await _source.DisposeAsync();
            _metrics.Dispose();
            _stopping.Dispose();
        }
    }

    /// <summary>The database without anything secret.</summary>
    private static string PlaceOf(NpgsqlConnectionStringBuilder given)
    {
        var hosts = given.Host!.Split(',')
            .Select(host => host.Contains(':', StringComparison.Ordinal) ? host : FormattableString.Invariant($"{host}:{given.Port}"));
        return $"PostgreSQL database '{given.Database ?? given.Username}' at {string.Join(',', hosts)}";
    }
}

using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Provider;

/// <summary>
/// Reads what has left a partition's cache, for cursors that are behind it. A log that answers at once (the embedded one) serves the cursor
/// in its own step; with any other log the cursor is woken when the records are there. It holds a few chunks and readers, whatever the
/// number of cursors. Used only in the agent's turns.
/// </summary>
/// <param name="closed">Cancelled before the log is disposed with its container: errors from then on mean the end, not a failure.</param>
internal sealed partial class LogHistory(
    IPartitionedLog log, int partition, StreamRouting routing, LogStreamOptions options, LogStreamMetrics metrics, TimeProvider time,
    ILogger logger,
    CancellationToken closed)
    : IAsyncDisposable
{
    private const int MaxChunks = 4;
    private const int MaxReaders = 4;

    private static readonly TimeSpan KeepIdle = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Keeps a log from being asked in a tight loop if it has nothing where there were records before (its metadata is behind).
    /// </summary>
    private static readonly TimeSpan EmptyReadPause = TimeSpan.FromMilliseconds(100);

    private readonly List<(long From, Chunk Chunk)> _chunks = [];
    private readonly List<(long Next, ILogReader Reader)> _readers = [];
    private readonly HashSet<long> _loading = [];
    private readonly HashSet<Orleans.Runtime.StreamId> _waiting = [];
    private PartitionCache? _cache;
    private (long First, long End) _hole;
    private long _retryAt;
    private long _usedAt;
    private bool _disposed;

    /// <summary>The records from an offset on; null if they have not been loaded yet.</summary>
    public Chunk? Read(long offset)
    {
        _usedAt = time.GetTimestamp();
        foreach (var (from, chunk) in _chunks)
        {
            if (from <= offset && offset < chunk.End) return chunk;
        }

        if (_disposed || closed.IsCancellationRequested || time.GetTimestamp() < _retryAt || !_loading.Add(offset)) return null;
        var load = LoadAsync(offset);
        return load.IsCompletedSuccessfully ? load.Result : null;
    }

    /// <summary>The offset itself, or the first one at which there can be a record, if a read from the offset has shown that.</summary>
    public long PassHole(long offset) => _hole.First <= offset && offset < _hole.End ? _hole.End : offset;

    /// <summary>Makes a stream's cursors run again when something has been loaded.</summary>
    public void WakeWhenReady(PartitionCache cache, Orleans.Runtime.StreamId stream)
    {
        _cache = cache;
        _waiting.Add(stream);
        if (_loading.Count == 0 && time.GetTimestamp() >= _retryAt) WakeWaiting();
    }

    /// <summary>Called about once a second: tries failed reads again, and drops what nobody has used for a while.</summary>
    public async ValueTask TickAsync()
    {
        if (_waiting.Count > 0 && _loading.Count == 0 && time.GetTimestamp() >= _retryAt) WakeWaiting();
        if (_chunks.Count + _readers.Count == 0 || _loading.Count > 0 || time.GetElapsedTime(_usedAt) < KeepIdle) return;
        _chunks.Clear();
        await DisposeReadersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _chunks.Clear();
        await DisposeReadersAsync();
    }

    private async Task<Chunk?> LoadAsync(long offset)
    {
        try
        {
            var (records, next) = await ReadRecordsAsync(offset);
            if (records.Count == 0)
            {
                if (next > offset) _hole = (offset, next);
                else Pause(EmptyReadPause);
                return null;
            }

            metrics.Consumed(partition, records.Count);
            var chunk = Chunk.Build(records, routing, partition);
            if (_chunks.Count == MaxChunks) _chunks.RemoveAt(0);
            _chunks.Add((offset, chunk));
            return chunk;
        }
        catch (Exception) when (closed.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // The cursor stays where it is and asks again after the pause: a failure must never leave a gap.
            Pause(options.MaxRetryDelay);
            metrics.Failed(partition, exception is OffsetOutOfRangeException ? "lost_offset" : "read");
            LogReadFailed(partition, offset, exception);
            return null;
        }
        finally
        {
            _loading.Remove(offset);
            WakeWaiting();
        }
    }

    private void Pause(TimeSpan pause) => _retryAt = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);

    private async ValueTask<(IReadOnlyList<LogRecord> Records, long Next)> ReadRecordsAsync(long offset)
    {
        var reader = TakeReader(offset) ?? await log.OpenReaderAsync(partition, await StartAsync(offset), CancellationToken.None);
        IReadOnlyList<LogRecord> records;
        try
        {
            records = await reader.ReadAsync(options.BatchRecords, CancellationToken.None);
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }

        var next = reader.NextOffset;
        if (_disposed || records.Count == 0)
        {
            await reader.DisposeAsync();
            return (records, next);
        }

        if (_readers.Count == MaxReaders)
        {
            await _readers[0].Reader.DisposeAsync();
            _readers.RemoveAt(0);
        }

        _readers.Add((records[^1].Offset + 1, reader));
        return (records, next);
    }

    private ILogReader? TakeReader(long offset)
    {
        var index = _readers.FindIndex(reader => reader.Next == offset);
        if (index < 0) return null;
        var reader = _readers[index].Reader;
        _readers.RemoveAt(index);
        return reader;
    }

    private async ValueTask<long> StartAsync(long offset)
    {
        var bounds = await log.GetBoundsAsync(partition, CancellationToken.None);
        if (offset >= bounds.First) return offset;
        // A token just before the first record excludes only itself; nothing is lost.
        if (offset == StreamCursor.Earliest || offset == bounds.First - 1) return bounds.First;
        if (options.LostOffsetPolicy == LostOffsetPolicy.Block) throw new OffsetOutOfRangeException(partition, offset, bounds);
        metrics.Lost(partition, bounds.First - offset);
        LogContinued(partition, offset, bounds.First);
        return bounds.First;
    }

    private void WakeWaiting()
    {
        foreach (var stream in _waiting) _cache!.Wake(stream);
        _waiting.Clear();
    }

    private async ValueTask DisposeReadersAsync()
    {
        (long, ILogReader Reader)[] readers = [.. _readers];
        _readers.Clear();
        foreach (var (_, reader) in readers) await reader.DisposeAsync();
    }

    [LoggerMessage(LogLevel.Error, "A subscriber needs partition {Partition} from offset {Offset}, which can't be read; it waits, the "
        + "reading is tried again.")]
    private partial void LogReadFailed(int partition, long offset, Exception exception);

    [LoggerMessage(LogLevel.Warning, "A subscriber wanted partition {Partition} from offset {Offset}, which retention took; it goes on at "
        + "{First}.")]
    private partial void LogContinued(int partition, long offset, long first);
}

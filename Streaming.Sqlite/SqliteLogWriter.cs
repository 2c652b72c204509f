using System.Buffers;
using Banking.Sqlite;
using Banking.Streaming.Log;

namespace Banking.Streaming.Sqlite;

/// <summary>
/// The single thread that writes: it takes everything that waits into one transaction and completes the callers after the commit. While it
/// commits, the next requests gather; an idle log adds no delay.
/// </summary>
internal sealed class SqliteLogWriter : IDisposable
{
    private const int MaxTransactionRecords = 32_768;
    private const int MaxChunkRecords = 1_024;
    private const int MaxChunkBytes = 256 * 1024;

    private readonly object _gate = new();
    private readonly Queue<WriteRequest> _waiting = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _commitGroup;
    private readonly PartitionState[] _partitions;
    private readonly Retention _retention;
    private readonly TimeProvider _time;
    private readonly SqliteLogOptions _options;
    private readonly ArrayBufferWriter<byte> _body = new(MaxChunkBytes);
    private readonly Thread _thread;
    private long _waitingBytes;
    private bool _stopped;

    public SqliteLogWriter(
        SqliteConnection connection, PartitionState[] partitions, Retention retention, TimeProvider time, SqliteLogOptions options)
    {
        _options = options;
        _connection = connection;
        _partitions = partitions;
        _retention = retention;
        _time = time;
        _insert = connection.Prepare("INSERT INTO chunk VALUES(?, ?, ?, ?)");
        _commitGroup = connection.Prepare("INSERT OR REPLACE INTO committed VALUES(?, ?, ?)");
        _thread = new Thread(Run) { IsBackground = true, Name = $"log writer {Path.GetFileName(options.Path)}" };
        _thread.Start();
    }

    /// <exception cref="LogException">Too much waits already; the request was not accepted.</exception>
    public Task<long> EnqueueAsync(WriteRequest request)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, typeof(SqliteLog));
            // Offsets are always accepted: they are small, and let retention make room.
            if (request.Bytes > 0 && _waitingBytes > 0 && _waitingBytes + request.Bytes > _options.MaxWaitingBytes) throw TooMuch(request);
            _waitingBytes += request.Bytes;
            _waiting.Enqueue(request);
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
        }

        return request.Done;
    }

    /// <summary>Writes what waits, then closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped) return;
            _stopped = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _connection.Dispose();
    }

    private void Run()
    {
        var taken = new List<WriteRequest>();
        while (Take(taken))
        {
            if (taken.Count > 0) Write(taken);
            taken.Clear();
            _retention.RunStep();
        }
    }

    private bool Take(List<WriteRequest> taken)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && !_stopped) Monitor.Wait(_gate, _retention.UntilDue());
            var records = 0;
            while (records < MaxTransactionRecords && _waiting.TryDequeue(out var request))
            {
                taken.Add(request);
                records += request.Records?.Count ?? 0;
            }

            return taken.Count > 0 || !_stopped;
        }
    }

    /// <summary>
    /// Releases the room of taken requests. Called after the write, as what is being written takes memory like what waits, but before the
    /// answers, so that callers that get one find room.
    /// </summary>
    private void Release(List<WriteRequest> taken)
    {
        lock (_gate) _waitingBytes -= taken.Sum(request => request.Bytes);
    }

    private LogException TooMuch(WriteRequest request) => new(
        $"The log {_options.Path} can't take {request.Bytes} bytes more: {_waitingBytes} wait for the disk, and MaxWaitingBytes is "
            + $"{_options.MaxWaitingBytes}. "
        + "Nothing was appended.");

    private void Write(List<WriteRequest> taken)
    {
        List<Growth> grown;
        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            grown = WriteAll(taken);
            _connection.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            // Whatever the failure was (a full disk, a record that can't be encoded), the callers are told and the next ones get their
            // chance.
            _connection.RollbackIfOpen();
            Release(taken);
            foreach (var request in taken) request.Fail(exception);
            return;
        }

        foreach (var growth in grown) _partitions[growth.Partition].Grow(growth.Next, growth.Time, growth.Bytes);
        Release(taken);
        foreach (var request in taken) request.Complete();
    }

    private List<Growth> WriteAll(List<WriteRequest> taken)
    {
        _body.ResetWrittenCount();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var grown = new List<Growth>();
        foreach (var partition in taken.Where(request => request.Records is not null).GroupBy(request => request.Partition))
        {
            var state = _partitions[partition.Key];
            var next = state.Bounds.Next;
            var time = Math.Max(now, state.Time);
            var (first, bytes) = (next, 0L);
            foreach (var request in partition)
            {
                for (var i = 0; i < request.Records!.Count; i++)
                {
                    RecordBlock.Write(_body, request.Records[i]);
                    next++;
                    if (next - first >= MaxChunkRecords || _body.WrittenCount >= MaxChunkBytes)
                    {
                        bytes += Insert(partition.Key, first, next, time);
                        first = next;
                    }
                }

                request.Offset = next - 1;
            }

            if (next > first) bytes += Insert(partition.Key, first, next, time);
            grown.Add(new Growth(partition.Key, next, time, bytes));
        }

        foreach (var request in taken.Where(request => request.Group is not null))
            _commitGroup.Bind(1, request.Group!).Bind(2, request.Partition).Bind(3, request.Offset).Run();
        return grown;
    }

    private int Insert(int partition, long first, long next, long time)
    {
        var bytes = _body.WrittenCount;
        try
        {
            _insert.Bind(1, LogFile.RowId(partition, first)).Bind(2, next - first).Bind(3, time).Bind(4, _body.WrittenSpan).Run();
        }
        finally
        {
            _body.ResetWrittenCount();
        }

        return bytes;
    }

    private readonly record struct Growth(int Partition, long Next, long Time, long Bytes);
}

/// <summary>What waits for the writer: records for a partition, or (without records) a group's offset.</summary>
internal sealed class WriteRequest(int partition, IReadOnlyList<NewLogRecord>? records, string? group, long offset)
{
    // A waiting caller must not run on the writer's thread.
    private readonly TaskCompletionSource<long> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Partition => partition;

    public IReadOnlyList<NewLogRecord>? Records => records;

    /// <summary>What the records take while they wait; an offset is too small to count.</summary>
    public long Bytes { get; } = records is null ? 0 : RecordSize.InMemory(records);

    public string? Group => group;

    /// <summary>For a group, the offset to keep. For records, the offset of the last one, known once they are written.</summary>
    public long Offset { get; set; } = offset;

    public Task<long> Done => _done.Task;

    public void Complete() => _done.SetResult(Offset);

    public void Fail(Exception exception) => _done.SetException(exception);
}

using Banking.Streaming.Log;
using Banking.Waiting;

namespace Banking.Streaming.Kafka.Consuming;

/// <summary>
/// The records of one partition that wait for one reader. The consumer's thread fills it, and the reader empties it. Thread-safe.
/// </summary>
/// <param name="hasRoom">Called when a full feed has room again.</param>
internal sealed class PartitionFeed(int partition, long offset, KafkaLogOptions options, Action hasRoom)
{
    private readonly Lock _lock = new();
    private readonly Queue<LogRecord[]> _runs = new();
    private readonly ChangeSignal _changed = new();
    private Exception? _failure;
    private int _records;
    private long _bytes;
    private bool _atEnd;
    private long _end;
    private long _next = offset;
    private bool _wasFull;

    public int Partition => partition;

    /// <summary>The offset after everything that was taken or is known not to be a record.</summary>
    public long Next
    {
        get
        {
            lock (_lock) return _next;
        }
    }

    /// <summary>Whether fetching the partition is paused; for the consumer's thread only.</summary>
    public bool IsPaused { get; set; }

    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                if (_records >= options.ReadAheadRecords || _bytes >= options.ReadAheadBytes) _wasFull = true;
                return _wasFull;
            }
        }
    }

    public void Add(LogRecord[] run, long bytes)
    {
        lock (_lock)
        {
            _runs.Enqueue(run);
            _records += run.Length;
            _bytes += bytes;
            _atEnd = false;
            _changed.Fire();
        }
    }

    /// <summary>Notes that the partition ends, for now, before an offset.</summary>
    public void End(long end)
    {
        lock (_lock)
        {
            (_atEnd, _end) = (true, end);
            PassHoles();
            _changed.Fire();
        }
    }

    /// <summary>Makes the reader fail, after it has taken what has come already.</summary>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure ??= failure;
            _changed.Fire();
        }
    }

    /// <summary>The next records; empty at the partition's end as last known; null if the end is not known yet.</summary>
    public LogRecord[]? Take(int max)
    {
        LogRecord[] taken;
        bool roomy;
        lock (_lock)
        {
            if (_runs.Count == 0) return _failure is { } failure ? throw failure : _atEnd ? [] : null;
            taken = TakeRuns(max);
            _records -= taken.Length;
            foreach (ref readonly var record in taken.AsSpan()) _bytes -= RecordSize.InMemory(record);
            _next = taken[^1].Offset + 1;
            PassHoles();
            roomy = _wasFull && _records <= options.ReadAheadRecords / 2 && _bytes <= options.ReadAheadBytes / 2;
            if (roomy) _wasFull = false;
        }

        if (roomy) hasRoom();
        return taken;
    }

    /// <summary>Completes at the next change; at once if there are records, a failure or, if wanted, the known end.</summary>
    public Task WhenChangedAsync(bool orAtEnd)
    {
        lock (_lock)
        {
            if (_runs.Count > 0 || _failure is not null || (orAtEnd && _atEnd)) return Task.CompletedTask;
            return _changed.Next;
        }
    }

    /// <summary>Once the end is known and everything was taken, there are no records between the last one and the end.</summary>
    private void PassHoles()
    {
        if (_atEnd && _runs.Count == 0) _next = Math.Max(_next, _end);
    }

    private LogRecord[] TakeRuns(int max)
    {
        var first = _runs.Peek();
        if (first.Length > max) return Split(max);
        _runs.Dequeue();
        if (_runs.Count == 0 || first.Length + _runs.Peek().Length > max) return first;

        // Many small runs, as come with a trickle of records, become one batch.
        var gathered = new List<LogRecord>(Math.Min(max, _records));
        gathered.AddRange(first);
        while (_runs.TryPeek(out var next) && gathered.Count + next.Length <= max) gathered.AddRange(_runs.Dequeue());
        return [.. gathered];
    }

    private LogRecord[] Split(int max)
    {
        // In the rare case that a reader asks for less than a run has, the rest becomes the first run.
        var run = _runs.Dequeue();
        LogRecord[][] later = [.. _runs];
        _runs.Clear();
        _runs.Enqueue(run[max..]);
        foreach (var next in later) _runs.Enqueue(next);
        return run[..max];
    }
}

using Banking.Streaming.Log;
using Banking.Waiting;

namespace Banking.Streaming.Sqlite;

/// <summary>
/// Where a partition begins and ends, and who waits for it to grow. Written only by the writer's thread, after its commits.
/// </summary>
internal sealed class PartitionState(long first, long next, long time, long bytes)
{
    private readonly Lock _lock = new();
    private readonly ChangeSignal _grown = new();
    private long _first = first;
    private long _next = next;

    /// <summary>The last record's timestamp.</summary>
    public long Time { get; private set; } = time;

    /// <summary>The bytes of its chunks.</summary>
    public long Bytes { get; private set; } = bytes;

    public LogBounds Bounds
    {
        get
        {
            lock (_lock) return new LogBounds(_first, _next);
        }
    }

    public void Grow(long next, long time, long bytes)
    {
        lock (_lock)
        {
            _next = next;
            Time = time;
            Bytes += bytes;
        }

        _grown.Fire();
    }

    public void Shrink(long first, long bytes)
    {
        lock (_lock) _first = first;
        Bytes -= bytes;
    }

    /// <summary>Completes when the partition has records at or after <paramref name="offset"/>.</summary>
    public Task WhenBeyondAsync(long offset, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_next > offset) return Task.CompletedTask;
            return _grown.Next.WaitAsync(cancellationToken);
        }
    }
}

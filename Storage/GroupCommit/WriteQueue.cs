namespace Banking.Storage.GroupCommit;

/// <summary>The writes that wait for a transaction, first in first out, bounded. Thread-safe.</summary>
/// <param name="capacity">The most writes that may wait.</param>
/// <param name="maxRows">The most writes of one batch.</param>
/// <param name="maxBytes">The most payload bytes of one batch; a single write may be larger.</param>
internal sealed class WriteQueue(int capacity, int maxRows, long maxBytes)
{
    private readonly Queue<GrainWrite> _waiting = new();
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_waiting) return _waiting.Count;
        }
    }

    public Enqueued TryAdd(GrainWrite write)
    {
        lock (_waiting)
        {
            if (_isClosed) return Enqueued.Closed;
            if (_waiting.Count >= capacity) return Enqueued.Full;
            _waiting.Enqueue(write);
            if (_waiting.Count == 1) Monitor.Pulse(_waiting);
            return Enqueued.Yes;
        }
    }

    /// <summary>Fills <paramref name="batch"/> with what waits, and blocks only while nothing does.</summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<GrainWrite> batch)
    {
        batch.Clear();
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_isClosed) return false;
                Monitor.Wait(_waiting);
            }

            var bytes = 0L;
            while (batch.Count < maxRows && _waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= maxBytes))
            {
                bytes += next.Bytes;
                batch.Add(_waiting.Dequeue());
            }

            return true;
        }
    }

    /// <summary>Refuses further writes; those that wait are still taken.</summary>
    public void Close()
    {
        lock (_waiting)
        {
            _isClosed = true;
            Monitor.PulseAll(_waiting);
        }
    }
}

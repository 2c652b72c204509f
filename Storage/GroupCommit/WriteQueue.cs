namespace Banking.Storage.GroupCommit;

/// <summary>
/// The writes that wait for a transaction, first in first out, bounded. A row is in one transaction at a time: a second write of it waits, with all behind it, until the
/// first one is done, so that two writes of one row are made in the order of their calls whoever takes them. Thread-safe.
/// </summary>
/// <param name="capacity">The most writes that may wait.</param>
/// <param name="maxRows">The most writes of one batch.</param>
/// <param name="maxBytes">The most payload bytes of one batch; a single write may be larger.</param>
internal sealed class WriteQueue(int capacity, int maxRows, long maxBytes)
{
    private readonly Queue<GrainWrite> _waiting = new();
    private readonly HashSet<GrainRow> _underWay = [];
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

    /// <summary>
    /// Fills <paramref name="batch"/> with what waits, no two writes of one row, and blocks only while nothing can be taken. The batch before it, if there was one, is done.
    /// </summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<GrainWrite> batch)
    {
        lock (_waiting)
        {
            Release(batch);
            while (!CanTakeNext())
            {
                if (_isClosed && _waiting.Count == 0) return false;
                Monitor.Wait(_waiting);
            }

            var bytes = 0L;
            while (batch.Count < maxRows && _waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= maxBytes) && _underWay.Add(next.Row))
            {
                bytes += next.Bytes;
                batch.Add(_waiting.Dequeue());
            }

            // The add that woke this taker woke no other.
            if (_waiting.Count > 0) Monitor.Pulse(_waiting);
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

    private bool CanTakeNext() => _waiting.TryPeek(out var next) && !_underWay.Contains(next.Row);

    private void Release(List<GrainWrite> batch)
    {
        foreach (var write in batch) _underWay.Remove(write.Row);
        if (batch.Count > 0 && _waiting.Count > 0) Monitor.PulseAll(_waiting);
        batch.Clear();
    }
}

using System.Diagnostics;

namespace Banking.Storage.GroupCommit;

/// <summary>
/// The writes that wait for a transaction, first in first out, bounded. A row is in one transaction at a time: a second write of it waits, with all behind it, until the
/// first one is done, so that two writes of one row are made in the order of their calls whoever takes them. A batch beside others that have just begun is at least as large as
/// they are on average: smaller ones would cost the database more than they save their callers. Thread-safe.
/// </summary>
/// <param name="capacity">The most writes that may wait.</param>
/// <param name="maxRows">The most writes of one batch.</param>
/// <param name="maxBytes">The most payload bytes of one batch; a single write may be larger.</param>
internal sealed class WriteQueue(int capacity, int maxRows, long maxBytes)
{
    /// <summary>How often a taker looks and lets others run before it sleeps: some 50 µs on a processor that has nothing else to do.</summary>
    private const int Looks = 50;

    /// <summary>A batch that has been under way for this long is no reason to wait: its database, or its connection, takes its time.</summary>
    private static readonly long Long = Stopwatch.Frequency / 100;

    private readonly Queue<GrainWrite> _waiting = new();
    private readonly HashSet<GrainRow> _underWay = [];
    private int _batchesUnderWay;
    private long _lastTaken;
    private int _idleTakers;
    private bool _hasWaiting;
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
            _hasWaiting = true;
            if (_idleTakers > 0 && CanTake()) Monitor.Pulse(_waiting);
            return Enqueued.Yes;
        }
    }

    /// <summary>
    /// Fills <paramref name="batch"/> with what waits, no two writes of one row, and blocks only while nothing can be taken. The batch before it, if there was one, is done.
    /// </summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<GrainWrite> batch)
    {
        lock (_waiting) Release(batch);

        // Whoever was just answered often writes again at once, and to be woken takes a third of the time that a commit takes.
        for (var look = 0; look < Looks && !Volatile.Read(ref _hasWaiting); look++) Thread.Yield();
        lock (_waiting)
        {
            while (!CanTake())
            {
                if (_isClosed && _waiting.Count == 0) return false;
                _idleTakers++;
                Monitor.Wait(_waiting);
                _idleTakers--;
            }

            var bytes = 0L;
            while (batch.Count < maxRows && _waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= maxBytes) && _underWay.Add(next.Row))
            {
                bytes += next.Bytes;
                batch.Add(_waiting.Dequeue());
            }

            _hasWaiting = _waiting.Count > 0;
            _batchesUnderWay++;
            _lastTaken = Stopwatch.GetTimestamp();

            // The add that woke this taker woke no other.
            if (_idleTakers > 0 && CanTake()) Monitor.Pulse(_waiting);
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

    private bool CanTake() =>
        _waiting.TryPeek(out var next) && !_underWay.Contains(next.Row)
        && (_batchesUnderWay == 0 || _waiting.Count * _batchesUnderWay >= _underWay.Count || Stopwatch.GetTimestamp() - _lastTaken > Long);

    private void Release(List<GrainWrite> batch)
    {
        if (batch.Count == 0) return;
        foreach (var write in batch) _underWay.Remove(write.Row);
        batch.Clear();
        _batchesUnderWay--;
        if (_idleTakers > 0) Monitor.PulseAll(_waiting);
    }
}

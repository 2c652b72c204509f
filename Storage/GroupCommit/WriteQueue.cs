namespace Banking.Storage.GroupCommit;

/// <summary>
/// The writes that wait for a transaction: first in, first out, and bounded. A row is in one transaction at a time: a second write of it
/// waits until the first is done, and others pass it. So two writes of one row are made in the order of their calls, whichever thread takes
/// them. A batch taken beside others that have just begun is at least as large as their average, as smaller ones would cost the database
/// more than they save their callers. A batch that has been under way for long keeps nobody waiting. Thread-safe.
/// </summary>
/// <param name="capacity">The most writes that may wait.</param>
/// <param name="maxRows">The most writes of one batch.</param>
/// <param name="maxBytes">The most payload bytes of one batch; a single write may be larger.</param>
/// <param name="time">Measures how long a batch has been under way.</param>
internal sealed class WriteQueue(int capacity, int maxRows, long maxBytes, TimeProvider time)
{
    /// <summary>How often a taker looks and yields before it sleeps: some 50 µs on a processor that has nothing else to do.</summary>
    private const int Looks = 50;

    /// <summary>A batch that has been under way for this long is not waited for: its database or connection is slow.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(10);

    /// <summary>The writes that can be taken, except those whose rows came under way after they were added.</summary>
    private readonly WriteList _waiting = new();

    /// <summary>The rows under way.</summary>
    private readonly HashSet<GrainRow> _underWay = [];

    /// <summary>
    /// Writes that found their row under way, in order. They are older than writes of the same row in <see cref="_waiting"/>.
    /// </summary>
    private readonly Dictionary<GrainRow, WriteList> _behind = [];

    private int _behindCount;
    private int _batchesUnderWay;
    private long _lastTaken;
    private int _idleTakers;
    private bool _isAlert;
    private bool _hasWaiting;
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_waiting) return Waiting;
        }
    }

    private int Waiting => _waiting.Count + _behindCount;

    public Enqueued TryAdd(GrainWrite write)
    {
        lock (_waiting)
        {
            if (_isClosed) return Enqueued.Closed;
            if (Waiting >= capacity) return Enqueued.Full;
            _waiting.AddLast(write);
            _hasWaiting = true;
            WakeOne();
            return Enqueued.Yes;
        }
    }

    /// <summary>
    /// Fills <paramref name="batch"/> with waiting writes, no two of one row, and blocks only while nothing can be taken. The caller's
    /// previous batch, if any, counts as done.
    /// </summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<GrainWrite> batch)
    {
        lock (_waiting) Release(batch);

        // Callers that were just answered often write again at once, and waking up takes a third of the time of a commit.
        for (var look = 0; look < Looks && !Volatile.Read(ref _hasWaiting); look++) Thread.Yield();
        lock (_waiting)
        {
            while (!CanTake())
            {
                if (_isClosed && Waiting == 0) return false;
                WaitIdle();
            }

            var bytes = 0L;
            while (batch.Count < maxRows && PeekFree() is { } next && (batch.Count == 0 || bytes + next.Bytes <= maxBytes))
            {
                bytes += next.Bytes;
                batch.Add(_waiting.TakeFirst());
                _underWay.Add(next.Row);
            }

            _hasWaiting = _waiting.Count > 0;
            _batchesUnderWay++;
            _lastTaken = time.GetTimestamp();

            // The add that woke this taker did not wake any other.
            WakeOne();
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

    /// <summary>The first write whose row is not under way; those before it are queued behind their rows' batches.</summary>
    private GrainWrite? PeekFree()
    {
        while (_waiting.First is { } first)
        {
            if (!_underWay.Contains(first.Row)) return first;
            if (!_behind.TryGetValue(first.Row, out var behind)) _behind.Add(first.Row, behind = new WriteList());
            behind.AddLast(_waiting.TakeFirst());
            _behindCount++;
        }

        _hasWaiting = false;
        return null;
    }

    private bool CanTake() =>
        PeekFree() is not null && (
            _batchesUnderWay == 0 || _waiting.Count * _batchesUnderWay >= _underWay.Count || time.GetElapsedTime(_lastTaken) > Long);

    // Wakes one taker. A taker that can't take yet looks again by itself, as nobody else may come to wake it: its first write may be the
    // last for a long time. One such taker is enough.
    private void WakeOne()
    {
        if (_idleTakers > 0 && (CanTake() || (_waiting.Count > 0 && !_isAlert))) Monitor.Pulse(_waiting);
    }

    private void WaitIdle()
    {
        var alert = _waiting.Count > 0 && !_isAlert;
        _idleTakers++;
        if (alert)
        {
            _isAlert = true;
            Monitor.Wait(_waiting, Long);
            _isAlert = false;
        }
        else
        {
            Monitor.Wait(_waiting);
        }

        _idleTakers--;
    }

    private void Release(List<GrainWrite> batch)
    {
        if (batch.Count == 0) return;
        foreach (var write in batch)
        {
            _underWay.Remove(write.Row);
            if (_behindCount > 0) Promote(write.Row);
        }

        batch.Clear();
        _batchesUnderWay--;
        if (_idleTakers > 0) Monitor.PulseAll(_waiting);
    }

    /// <summary>Makes the first write that waited for a row the next one to be taken.</summary>
    private void Promote(GrainRow row)
    {
        if (!_behind.TryGetValue(row, out var behind)) return;
        _waiting.AddFirst(behind.TakeFirst());
        _hasWaiting = true;
        _behindCount--;
        if (behind.Count == 0) _behind.Remove(row);
    }
}

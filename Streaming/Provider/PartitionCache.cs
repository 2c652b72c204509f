using System.Diagnostics.CodeAnalysis;
using Banking.Waiting;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// The newest records of one partition, and the cursors that read them. A cursor that is behind the cache reads the log by itself
/// (<see cref="LogHistory"/>). Chunks that every cursor has passed are dropped. When the cache is full, the receiver stops reading, unless
/// some cursor has read everything: then the slow ones have to read from the log. Used only in the turns of one pulling agent; the counters
/// can be read by anyone.
/// </summary>
internal sealed class PartitionCache(
    int partition, LogStreamOptions options, LogHistory history, StreamDecoding decoding, LogStreamMetrics metrics,
    AgentTurns turns) : IQueueCache
{
    private readonly ChunkQueue _chunks = new();
    private readonly HashSet<StreamCursor> _cursors = [];
    private readonly HashSet<StreamId> _toWake = [];
    private long _coveredFrom;
    private long _bytes;
    private long _records;
    private long _committed;
    private long _doneBelow;

    /// <summary>Fires when the receiver has something to do: a stream to wake, or room again.</summary>
    public ChangeSignal Signal { get; } = new();

    public int Partition => partition;

    public LogStreamOptions Options => options;

    public LogHistory History => history;

    public StreamDecoding Decoding => decoding;

    public LogStreamMetrics Metrics => metrics;

    public AgentTurns Turns => turns;

    /// <summary>A filter is asked about a batch, not about a record, so with a filter each record is a batch.</summary>
    public BatchLimits BatchLimits { get; } = decoding.IsFiltered ? BatchLimits.One : options.BatchLimits;

    public bool IsStarted { get; private set; }

    /// <summary>The offset that the receiver reads next.</summary>
    public long Next { get; private set; }

    /// <summary>The offset after the last record that was read; there is no record between it and <see cref="Next"/>.</summary>
    public long End { get; private set; }

    /// <summary>The end of the log as last seen, for the lag.</summary>
    public long LogEnd { get; set; }

    public long RecordCount => Volatile.Read(ref _records);

    public long ByteCount => Volatile.Read(ref _bytes);

    public long Lag => Math.Max(0, LogEnd - Volatile.Read(ref _committed));

    /// <summary>The group's offset, as last read or written.</summary>
    public long Committed
    {
        get => Volatile.Read(ref _committed);
        set => Volatile.Write(ref _committed, value);
    }

    public bool HasRoom
    {
        get
        {
            Trim();
            if (!IsFull) return true;
            // A cursor that has read everything must not wait for a slow neighbour.
            if (!_cursors.Any(cursor => cursor.IsDrained)) return false;
            while (IsFull) DropOldest();
            return true;
        }
    }

    /// <summary>Whether somebody reads the partition's streams.</summary>
    public bool IsRead => _cursors.Count > 0;

    private bool IsFull => _records >= options.CacheRecords || _bytes >= options.CacheBytes;

    /// <summary>Starts over at an offset.</summary>
    public void StartAt(long offset)
    {
        while (_chunks.Count > 0) DropOldest();
        (Next, End, _coveredFrom, _doneBelow, IsStarted) = (offset, offset, offset, offset, true);
    }

    public void AddToCache(IList<IBatchContainer> messages)
    {
        if (messages is not [StreamSlice { Chunk: { } chunk }, ..]) return;
        _chunks.Add(chunk);
        _records += chunk.Records.Length;
        _bytes += chunk.Bytes;
        Next = End = chunk.End;
    }

    /// <summary>Notes that nothing more is to be read below an offset at the log's end, as if any records there had been read.</summary>
    public void PassHoles(long next) => Next = Math.Max(Next, next);

    /// <summary>The chunk with the records from an offset on; null if the offset is before the cache or at its end.</summary>
    public Chunk? Find(long offset) => offset < _coveredFrom ? null : _chunks.Find(offset);

    /// <summary>The offset below which every cursor is done, so that delivered records can be committed.</summary>
    public long DoneBelow()
    {
        var done = Next;
        foreach (var cursor in _cursors) done = Math.Min(done, cursor.DoneBelow);
        return _doneBelow = Math.Max(_doneBelow, done);
    }

    public void UpdateDeliveryProgress(StreamSequenceToken? earliestSubscriptionToken, DateTime utcNow)
    {
        // The agent is stopping: every delivery has ended, so what was processed counts even if its cursor was not moved on.
        if (earliestSubscriptionToken is not null)
        {
            foreach (var cursor in _cursors) cursor.Processed(earliestSubscriptionToken.SequenceNumber);
        }

        DoneBelow();
    }

    public long LastDoneBelow => _doneBelow;

    /// <summary>Asks for a stream's cursors to run again.</summary>
    public void Wake(StreamId stream)
    {
        _toWake.Add(stream);
        Signal.Fire();
    }

    public List<IBatchContainer> TakeWakes()
    {
        if (_toWake.Count == 0) return [];
        List<IBatchContainer> slices = [.. _toWake.Select(stream => new StreamSlice(stream, Next, chunk: null))];
        _toWake.Clear();
        return slices;
    }

    /// <summary>Offers the last record of each stream again; see <see cref="LogStreamOptions.ReofferInterval"/>.</summary>
    public void Reoffer()
    {
        foreach (var cursor in _cursors)
        {
            if (cursor.Reoffer()) Wake(cursor.Stream);
        }
    }

    public void Moved()
    {
        if (IsFull) Signal.Fire();
    }

    public void Remove(StreamCursor cursor)
    {
        _cursors.Remove(cursor);
        Signal.Fire();
    }

    public QueueCacheCursorResult<IQueueCacheCursor> TryGetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        QueueCacheCursorResult<IQueueCacheCursor>.FromCursor(
            token is null ? Open(streamId, Next, isToken: false) : Open(streamId, token.SequenceNumber, isToken: true));

    public QueueCacheCursorResult<IQueueCacheCursor> TryGetCacheCursorAtPosition(
        StreamId streamId, StreamSubscriptionStartPosition startPosition) =>
        QueueCacheCursorResult<IQueueCacheCursor>.FromCursor(
            Open(
                streamId, startPosition == StreamSubscriptionStartPosition.EarliestAvailable ? StreamCursor.Earliest : Next,
                isToken: false));

    [Obsolete("The agent uses TryGetCacheCursor.")]
    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) => TryGetCacheCursor(streamId, token).Cursor!;

    /// <summary>Has no meaning here: the receiver reads as much as one delivery takes.</summary>
    public int GetMaxAddCount() => options.BatchRecords;

    /// <summary>
    /// Always false: the receiver itself holds back, which avoids the message that the agent logs in every round that finds its cache under
    /// pressure.
    /// </summary>
    public bool IsUnderPressure() => false;

    /// <summary>Always false: the receiver trims and commits, even in rounds that read nothing.</summary>
    public bool TryPurgeFromCache([MaybeNullWhen(false)] out IList<IBatchContainer> purgedItems)
    {
        purgedItems = null;
        return false;
    }

    private StreamCursor Open(StreamId stream, long offset, bool isToken)
    {
        var cursor = new StreamCursor(this, stream, offset, isToken);
        _cursors.Add(cursor);
        return cursor;
    }

    private void Trim()
    {
        var needed = Next;
        foreach (var cursor in _cursors)
        {
            if (!cursor.IsDrained) needed = Math.Min(needed, cursor.Position);
        }

        while (_chunks.Count > 0 && _chunks.Oldest.End <= needed) DropOldest();
    }

    private void DropOldest()
    {
        var chunk = _chunks.Oldest;
        _chunks.RemoveOldest();
        _records -= chunk.Records.Length;
        _bytes -= chunk.Bytes;
        _coveredFrom = chunk.End;
    }
}

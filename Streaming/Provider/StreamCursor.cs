using Banking.Streaming.Log;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// One subscription's way through a stream: batches of consecutive records, from the cache or, for older ones, from the log. Used only in
/// the agent's turns.
/// </summary>
/// <remarks>
/// The agent excludes a token's own record by one move right after it got the cursor, without looking at what that returned. So the first
/// batch after a token is a single record, and a batch that was not looked at was not delivered. Batches that the agent takes in one run
/// (<see cref="AgentTurns"/>) count as one delivery: it may ask for several before it delivers them.
/// </remarks>
internal sealed class StreamCursor(PartitionCache cache, StreamId stream, long next, bool isToken) : IQueueCacheCursor
{
    /// <summary>Means the oldest record there is.</summary>
    public const long Earliest = -1;

    /// <summary>How many chunks of other streams one step looks through before it yields.</summary>
    private const int MaxChunksPerStep = 16;
    private const long None = long.MinValue;

    private readonly HandedOut _handedOut = new(next);
    private long _next = Math.Max(next, Earliest);
    private long _token = isToken ? next : None;
    private long _missedTokenIn = None;
    private long _singlesBelow = None;
    private bool _single = isToken;
    private long _lastOffset = -1;
    private long _handedOutAt;
    private CancellationTokenSource? _letter;

    public StreamId Stream => stream;

    /// <summary>Whether the cursor has read everything there is; it goes on where the agent says that its stream has more.</summary>
    public bool IsDrained { get; private set; }

    public long Position => _next;

    /// <summary>The offset below which nothing in the cache is under way or still to come.</summary>
    public long DoneBelow => _handedOut.First ?? (IsDrained ? long.MaxValue : _next);

    public QueueCacheCursorMoveResult MoveNextWithResult()
    {
        if (_letter is not null) return QueueCacheCursorMoveResult.NoData;
        var turn = cache.Turns.Current;
        if (_handedOut.TakeBack() is { } unseen) PassOver(unseen);
        else if (_token != None && _missedTokenIn == turn) PassToken();
        _handedOut.Begin(turn);
        if (_handedOut.IsFull(_next)) return LetDeliver();
        IsDrained = false;
        var batch = Gather();
        cache.Moved();
        if (batch.Count == 0)
        {
            if (_token != None) _missedTokenIn = turn;
            return _handedOut.First is null ? QueueCacheCursorMoveResult.NoData : LetDeliver();
        }

        var decoding = cache.Decoding;
        var container = new LogBatchContainer(decoding, stream, cache.Partition, batch.ToArray(), batch.Context, decoding.IsFiltered);
        _handedOut.Add(container);
        _single = false;
        _lastOffset = container.Records[^1].Offset;
        if (decoding.Letters is { } letters) _handedOutAt = letters.Time.GetTimestamp();
        cache.Metrics.Delivered(cache.Partition, container.Records.Length);
        return QueueCacheCursorMoveResult.Success;
    }

    [Obsolete("The agent uses MoveNextWithResult.")]
    public bool MoveNext() => MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success;

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        _token = None;
        return _handedOut.Look();
    }

    /// <summary>
    /// Notes that the stream has records from the token on. A drained cursor has seen everything before it, so it need not look through
    /// other streams' records again.
    /// </summary>
    public void Refresh(StreamSequenceToken token)
    {
        _missedTokenIn = None;
        if (!IsDrained) return;
        IsDrained = false;
        _next = Math.Max(_next, token.SequenceNumber);
    }

    public void RecordDeliveryFailure()
    {
        if (_handedOut.First is not { } first) return;
        var policy = cache.Options.FailurePolicy;
        var alone = _handedOut.Alone;
        if (policy == FailurePolicy.Skip && alone is not null)
        {
            _handedOut.End();
            cache.Metrics.Skipped(cache.Partition, "delivery");
            return;
        }

        // With Block the same batch comes again. Otherwise its records come again one by one, to find those that fail.
        _next = first;
        IsDrained = false;
        if (policy != FailurePolicy.Block) _singlesBelow = _handedOut.Fail();
        _handedOut.End();
        if (alone is { } record && cache.Decoding.Letters is { } letters && IsGivenUp(letters)) _ = DeadLetterAsync(letters, record);
    }

    /// <summary>Notes that the agent has stopped, and all its subscribers have processed what is at or before an offset.</summary>
    public void Processed(long offset) => _handedOut.Processed(offset);

    /// <summary>True if the last record will be offered again.</summary>
    public bool Reoffer()
    {
        if (!IsDrained || _lastOffset < 0) return false;
        (_next, _single, IsDrained) = (_lastOffset, true, false);
        return true;
    }

    public void Dispose()
    {
        _letter?.Cancel();
        cache.Remove(this);
    }

    /// <summary>The next records of the stream; none at its end, or if they have not been loaded yet.</summary>
    private BatchBuilder Gather()
    {
        var limits = _single || _next < _singlesBelow ? BatchLimits.One : cache.BatchLimits;
        var builder = new BatchBuilder(limits, cache.Options.CarryRequestContext);
        for (var steps = 0; !builder.IsFull; steps++)
        {
            var chunk = cache.Find(_next);
            if (chunk is null)
            {
                if (_next < cache.End) _next = cache.History.PassHole(_next);
                if (_next >= cache.End)
                {
                    IsDrained = builder.Count == 0;
                    break;
                }

                if (builder.Count > 0) break;
                chunk = steps < MaxChunksPerStep ? cache.History.Read(_next) : null;
                if (chunk is null)
                {
                    if (steps >= MaxChunksPerStep) cache.Wake(stream);
                    else cache.History.WakeWhenReady(cache, stream);
                    break;
                }
            }

            builder.Take(chunk, stream, ref _next);
        }

        return builder;
    }

    /// <summary>
    /// There is no more for this delivery. If the agent has nothing to deliver after all (because a filter refused it), it does not come
    /// back by itself and is woken.
    /// </summary>
    private QueueCacheCursorMoveResult LetDeliver()
    {
        cache.Wake(stream);
        return QueueCacheCursorMoveResult.NoData;
    }

    /// <summary>The agent went past a batch without looking at it. That excludes the token's own record; any other comes again.</summary>
    private void PassOver(LogRecord[] unseen)
    {
        if (unseen[0].Offset != _token) _next = unseen[0].Offset;
        _token = None;
    }

    /// <summary>The same, if the token's record had not been loaded yet.</summary>
    private void PassToken()
    {
        if (_token > Earliest) _next = Math.Max(_next, _token + 1);
        (_token, _single) = (None, false);
    }

    /// <summary>
    /// Whether the record is given up. Deliveries also end because the agent stops or a client is gone; then it is not the record's fault.
    /// </summary>
    private bool IsGivenUp(DeadLetters letters) => letters.Time.GetElapsedTime(_handedOutAt) >= cache.Options.MaxDeliveryTime / 2;

    /// <summary>The cursor stays at the record until its letter is durable.</summary>
    private async Task DeadLetterAsync(DeadLetters letters, LogRecord record)
    {
        // Not disposed: the cursor's end still looks at it, and it holds no resources.
        var letter = _letter = new CancellationTokenSource();
        try
        {
            var reason = $"A subscriber of the stream {stream} did not take it within {cache.Options.MaxDeliveryTime}.";
            await letters.AppendAsync([new DeadLetter(cache.Partition, record, reason)], "delivery", letter.Token);
        }
        catch (OperationCanceledException)
        {
            // The cursor or the provider is gone; the next reader of the record delivers it again.
            return;
        }

        _letter = null;
        _next = record.Offset + 1;
        cache.Wake(stream);
    }
}

/// <summary>
/// What the receiver hands to the pulling agent: not events, but the news that a stream has some (in a new chunk, or in history that was
/// waited for). The agent wakes the stream's cursors, which read from the cache. It is never delivered.
/// </summary>
internal sealed class StreamSlice(StreamId stream, long offset, Chunk? chunk) : IBatchContainer
{
    public StreamId StreamId => stream;

    public StreamSequenceToken SequenceToken { get; } = new EventSequenceTokenV2(offset);

    /// <summary>The chunk to cache; null if the slice only wakes.</summary>
    public Chunk? Chunk => chunk;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => throw new NotSupportedException("A slice is not for consumers.");

    public bool ImportRequestContext() => false;
}

using Banking.Streaming.Log;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// One subscription's way through a stream: batches of consecutive records, from the cache or, before it, from the log. The first batch after a token is a
/// single record: the agent drops that one for tokens that exclude their event, and delivers it for those that include it. Used in the agent's turns only.
/// </summary>
internal sealed class StreamCursor(PartitionCache cache, StreamId stream, long next, bool isToken) : IQueueCacheCursor
{
    /// <summary>Stands for the oldest record there is.</summary>
    public const long Earliest = -1;

    /// <summary>Other streams' chunks that one step looks through before it lets others have the turn.</summary>
    private const int MaxChunksPerStep = 16;

    private LogBatchContainer? _current;
    private long _next = Math.Max(next, Earliest);
    private long _singlesBelow = long.MinValue;
    private bool _first = isToken;
    private long _lastOffset = -1;
    private long _handedOutAt;
    private CancellationTokenSource? _burial;

    public StreamId Stream => stream;

    /// <summary>It has read all there is; it goes on where the agent says that its stream has more.</summary>
    public bool IsDrained { get; private set; }

    public long Position => _next;

    public long DoneBelow => _current?.Records[0].Offset ?? _next;

    public QueueCacheCursorMoveResult MoveNextWithResult()
    {
        if (_burial is not null) return QueueCacheCursorMoveResult.NoData;
        _current = null;
        IsDrained = false;
        var builder = new BatchBuilder(_first || _next < _singlesBelow ? new BatchLimits(1, long.MaxValue) : cache.Options.BatchLimits);
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

        cache.Moved();
        if (builder.Count == 0) return QueueCacheCursorMoveResult.NoData;
        _first = false;
        _current = new LogBatchContainer(cache.Decoding, stream, cache.Partition, builder.ToArray(), builder.Context);
        _lastOffset = _current.Records[^1].Offset;
        if (cache.Decoding.Letters is { } letters) _handedOutAt = letters.Time.GetTimestamp();
        cache.Metrics.Delivered(cache.Partition, _current.Records.Length);
        return QueueCacheCursorMoveResult.Success;
    }

    [Obsolete("The agent uses MoveNextWithResult.")]
    public bool MoveNext() => MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success;

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    /// <summary>
    /// The stream has records from the token on. A drained cursor has seen all before it, so it need not look through other streams' records again.
    /// </summary>
    public void Refresh(StreamSequenceToken token)
    {
        if (!IsDrained) return;
        IsDrained = false;
        _next = Math.Max(_next, token.SequenceNumber);
    }

    public void RecordDeliveryFailure()
    {
        if (_current is not { Records: var records }) return;
        var policy = cache.Options.FailurePolicy;
        if (policy == FailurePolicy.Skip && records.Length == 1)
        {
            cache.Metrics.Skipped(cache.Partition, "delivery");
            return;
        }

        // Block: the same again. Else: the same again, record by record, to find those that fail.
        _next = records[0].Offset;
        if (policy != FailurePolicy.Block) _singlesBelow = records[^1].Offset + 1;
        _current = null;
        if (records.Length == 1 && cache.Decoding.Letters is { } letters && IsGivenUp(letters)) _ = BuryAsync(letters, records[0]);
    }

    /// <summary>True if the last record will be offered again.</summary>
    public bool Reoffer()
    {
        if (!IsDrained || _lastOffset < 0) return false;
        (_next, _first, IsDrained) = (_lastOffset, true, false);
        return true;
    }

    public void Dispose()
    {
        _burial?.Cancel();
        cache.Remove(this);
    }

    /// <summary>Deliveries also end when the agent stops or a client is gone; the record is innocent then.</summary>
    private bool IsGivenUp(DeadLetters letters) => letters.Time.GetElapsedTime(_handedOutAt) >= cache.Options.MaxDeliveryTime / 2;

    /// <summary>The cursor stands at the record until its letter is durable.</summary>
    private async Task BuryAsync(DeadLetters letters, LogRecord record)
    {
        // Not disposed: the cursor's end still looks at it, and it holds nothing.
        var burial = _burial = new CancellationTokenSource();
        try
        {
            var reason = $"A subscriber of the stream {stream} did not take it within {cache.Options.MaxDeliveryTime}.";
            await letters.AppendAsync([new DeadLetter(cache.Partition, record, reason)], "delivery", burial.Token);
        }
        catch (OperationCanceledException)
        {
            // The cursor or the provider is gone; whoever reads the record next delivers it again.
            return;
        }

        _burial = null;
        _next = record.Offset + 1;
        cache.Wake(stream);
    }
}

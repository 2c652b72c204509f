using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// The batches of one subscription that the agent has taken and not finished: all that it took in one run, as it may deliver them together.
/// Pure.
/// </summary>
/// <param name="start">The offset at which the subscription begins.</param>
internal sealed class HandedOut(long start)
{
    private LogBatchContainer? _last;
    private bool _isLookedAt;
    private long _end;
    private long _turn = long.MinValue;
    private int _batches;
    private long _oneAtATimeBelow = long.MinValue;

    /// <summary>The offset of the first record that is under way; null if none is.</summary>
    public long? First { get; private set; }

    /// <summary>The record that is under way alone, so that it is the one that failed if the delivery fails; otherwise null.</summary>
    public LogRecord? Alone => _batches == 1 && _last is { Records: [var record] } ? record : null;

    /// <summary>Notes that the agent moves on. If it does so in another run, it has finished what it took before.</summary>
    public void Begin(long turn)
    {
        if (turn != _turn) End();
        _turn = turn;
    }

    /// <summary>True if the delivery must not get more: after several batches failed together, each comes alone.</summary>
    public bool IsFull(long next) => _batches > 0 && next < _oneAtATimeBelow;

    public void Add(LogBatchContainer batch)
    {
        First ??= batch.Records[0].Offset;
        _batches++;
        (_last, _isLookedAt, _end) = (batch, false, batch.Records[^1].Offset + 1);
    }

    public LogBatchContainer? Look()
    {
        _isLookedAt = true;
        return _last;
    }

    /// <summary>Takes back the records of the last batch if the agent never looked at it, and so did not deliver it.</summary>
    public LogRecord[]? TakeBack()
    {
        if (_last is null || _isLookedAt) return null;
        var records = _last.Records;
        _batches--;
        _last = null;
        if (_batches == 0) First = null;
        return records;
    }

    /// <summary>Notes that the delivery failed: its batches will come again, each alone.</summary>
    /// <returns>The offset after them.</returns>
    public long Fail()
    {
        if (_batches > 1) _oneAtATimeBelow = _end;
        return _end;
    }

    /// <summary>
    /// Notes that everything at or before an offset is processed. The agent says this also about the offset at which a subscription begins;
    /// that is ignored, as the batch that begins there may have failed.
    /// </summary>
    public void Processed(long offset)
    {
        if (offset >= _end - 1 && _end - 1 != start) End();
    }

    public void End() => (First, _batches, _last) = (null, 0, null);
}

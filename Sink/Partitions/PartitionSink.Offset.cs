using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private long _committedOffset = -1;
    private long _committedAt;
    private long _lookedAt;

    private async Task CommitOffsetAsync(CancellationToken cancellationToken)
    {
        var durable = DurableOffset;
        try
        {
            var isRecent = _services.Time.GetElapsedTime(_committedAt) < GroupOffsets.RenewAfter;
            if (durable == _committedOffset && isRecent && !await IsMovedAsync(durable, cancellationToken)) return;
            await _services.Log.CommitAsync(_services.Options.Group, _chain.Partition, durable, cancellationToken);
            (_committedOffset, _committedAt) = (durable, _services.Time.GetTimestamp());
            if (_offsetFailures.End() is > 0 and var failures) LogOffsetCommittedAgain(_chain, durable, failures);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // People look at it, and the embedded log's retention; the next tick tries again.
            if (_offsetFailures.Add()) LogOffsetNotCommitted(e is LogException ? null : e, _chain, durable, e.Message);
        }
    }

    /// <summary>
    /// Looks now and then whether the group still stands where it was put: an owner that does not know yet that it is none any more puts
    /// it to where it is itself, and people may put it anywhere. What is further than the lake is would have the embedded log's retention
    /// take what the lake lacks.
    /// </summary>
    private async ValueTask<bool> IsMovedAsync(long offset, CancellationToken cancellationToken)
    {
        if (_services.Time.GetElapsedTime(_lookedAt) < LookEvery) return false;
        _lookedAt = _services.Time.GetTimestamp();
        return (await _services.Log.GetCommittedAsync(_services.Options.Group, _chain.Partition, cancellationToken) ?? -1) != offset;
    }
}

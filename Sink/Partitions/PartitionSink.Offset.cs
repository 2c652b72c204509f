namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private long _committedOffset = -1;
    private long _lookedAt;

    private async Task CommitOffsetAsync(CancellationToken cancellationToken)
    {
        var durable = DurableOffset;
        try
        {
            if (durable == _committedOffset && !await IsSetBackAsync(durable, cancellationToken)) return;
            await _services.Log.CommitAsync(_services.Options.Group, _chain.Partition, durable, cancellationToken);
            _committedOffset = durable;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Only a restart uses it, and reads more without it; the next tick tries again.
            LogOffsetNotCommitted(e, _chain, durable);
        }
    }

    /// <summary>
    /// Looks now and then whether the group still stands where it was put: an owner that does not know yet that it is none any more puts it back to where it is itself, and
    /// a partition without new records would stay there. One that is further is another owner's, and stays.
    /// </summary>
    private async ValueTask<bool> IsSetBackAsync(long offset, CancellationToken cancellationToken)
    {
        if (_services.Time.GetElapsedTime(_lookedAt) < LookEvery) return false;
        _lookedAt = _services.Time.GetTimestamp();
        return (await _services.Log.GetCommittedAsync(_services.Options.Group, _chain.Partition, cancellationToken) ?? -1) < offset;
    }
}

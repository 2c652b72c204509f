using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// Mode Delivered: commits what every cursor is done with, when that moves and now and then when it does not. Mode Consumer: watches what the consumer commits, and has the last record offered again when that
/// stands still below what was delivered.
/// </summary>
internal sealed class OffsetCommit(IPartitionedLog log, PartitionCache cache, TimeProvider time)
{
    private long _checkedAt = time.GetTimestamp();
    private long _movedAt = time.GetTimestamp();
    private long _committedAt = time.GetTimestamp();
    private long _seenNext;

    /// <summary>Does what is due.</summary>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        if (!cache.IsStarted || time.GetElapsedTime(_checkedAt) < cache.Options.CommitInterval) return;
        _checkedAt = time.GetTimestamp();
        cache.LogEnd = (await log.GetBoundsAsync(cache.Partition, cancellationToken)).Next;
        if (cache.Options.CommitMode == CommitMode.Delivered) await CommitAsync(cache.DoneBelow(), cancellationToken);
        else await WatchAsync(cancellationToken);
    }

    /// <summary>The last commit, when the agent has stopped and the cursors are gone.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        if (cache.IsStarted && cache.Options.CommitMode == CommitMode.Delivered) await CommitAsync(cache.LastDoneBelow, cancellationToken);
    }

    private async ValueTask CommitAsync(long offset, CancellationToken cancellationToken)
    {
        var isDue = offset > cache.Committed || (offset == cache.Committed && time.GetElapsedTime(_committedAt) >= GroupOffsets.RenewAfter);
        if (!isDue) return;
        await log.CommitAsync(cache.Options.Group, cache.Partition, offset, cancellationToken);
        (cache.Committed, _committedAt) = (offset, time.GetTimestamp());
    }

    private async ValueTask WatchAsync(CancellationToken cancellationToken)
    {
        var committed = await log.GetCommittedAsync(cache.Options.Group, cache.Partition, cancellationToken) ?? cache.Committed;
        if (committed != cache.Committed || cache.Next != _seenNext || committed >= cache.Next)
        {
            (cache.Committed, _seenNext, _movedAt) = (committed, cache.Next, time.GetTimestamp());
            return;
        }

        if (time.GetElapsedTime(_movedAt) < cache.Options.ReofferInterval) return;
        _movedAt = time.GetTimestamp();
        cache.Reoffer();
    }
}

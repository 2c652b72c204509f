using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// Mode Delivered: commits what every cursor is done with, when that moves and now and then when it does not. Mode Consumer: watches what
/// the consumer commits, has the last record offered again when that stands still below what was delivered, and begins anew where a
/// consumer that nothing was delivered to yet puts its group back.
/// </summary>
internal sealed class OffsetCommit(IPartitionedLog log, PartitionCache cache, TimeProvider time)
{
    private long _checkedAt = time.GetTimestamp();
    private long _movedAt = time.GetTimestamp();
    private long _committedAt = time.GetTimestamp();
    private long _seenNext;

    /// <summary>Does what is due.</summary>
    /// <returns>True if the cache begins anew, and what is read is to follow it.</returns>
    public async ValueTask<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (!cache.IsStarted || time.GetElapsedTime(_checkedAt) < cache.Options.CommitInterval) return false;
        _checkedAt = time.GetTimestamp();
        cache.LogEnd = (await log.GetBoundsAsync(cache.Partition, cancellationToken)).Next;
        if (cache.Options.CommitMode == CommitMode.Consumer) return await WatchAsync(cancellationToken);
        await CommitAsync(cache.DoneBelow(), cancellationToken);
        return false;
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

    private async ValueTask<bool> WatchAsync(CancellationToken cancellationToken)
    {
        var committed = await log.GetCommittedAsync(cache.Options.Group, cache.Partition, cancellationToken) ?? cache.Committed;
        if (committed < cache.Committed && !cache.IsRead)
        {
            // A consumer is made to subscribe by what is delivered to it. One that knows that it lacks records, and gets none, would wait
            // for ever.
            (cache.Committed, _movedAt) = (committed, time.GetTimestamp());
            cache.StartAt(committed);
            return true;
        }

        if (committed != cache.Committed || cache.Next != _seenNext || committed >= cache.Next)
        {
            (cache.Committed, _seenNext, _movedAt) = (committed, cache.Next, time.GetTimestamp());
            return false;
        }

        if (time.GetElapsedTime(_movedAt) < cache.Options.ReofferInterval) return false;
        _movedAt = time.GetTimestamp();
        cache.Reoffer();
        return false;
    }
}

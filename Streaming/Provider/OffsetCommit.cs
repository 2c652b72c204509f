using Banking.Streaming.Log;

namespace Banking.Streaming.Provider;

/// <summary>
/// In mode Delivered it commits what every cursor has finished, whenever that moves, and now and then when it does not. In mode Consumer it
/// watches what the consumer commits. If that does not move though more was delivered, the last record is offered again. If a consumer puts
/// its group's offset back before anything was delivered to it, reading starts over from there.
/// </summary>
internal sealed class OffsetCommit(IPartitionedLog log, PartitionCache cache, TimeProvider time)
{
    private long _checkedAt = time.GetTimestamp();
    private long _movedAt = time.GetTimestamp();
    private long _committedAt = time.GetTimestamp();
    private long _seenNext;

    /// <returns>True if the cache has started over, so that reading must follow it.</returns>
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
            // Deliveries are what makes a consumer subscribe. A consumer that knows it lacks records, and gets none, would wait for ever.
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

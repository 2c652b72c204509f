namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    private long _tickedAt = -1;
    private long _recordWaitsAt = -1;
    private OpenTransaction? _transaction;

    /// <summary>
    /// The log's last offsets may be no records (a transaction's marker), so that nothing of them ever comes with the stream: whoever
    /// waits for the log's end would wait for ever. A sink that stands still below the end asks the log what is there. Others may go on
    /// meanwhile: no record is passed. Where another producer's transaction is open, reading ends before the log does, and there is
    /// nothing to do but wait and say so.
    /// </summary>
    private async Task PassHolesAsync(CancellationToken cancellationToken)
    {
        var from = NextOffset;
        var standsStill = _tickedAt == from;
        _tickedAt = from;
        if (!standsStill) EndTransaction(from);
        if (!standsStill || _recordWaitsAt == from) return;
        try
        {
            var end = (await _services.Log.GetBoundsAsync(_chain.Partition, cancellationToken)).Next;
            if (end <= from) return;
            await using var reader = await _services.Log.OpenReaderAsync(_chain.Partition, from, cancellationToken);
            var records = await reader.ReadAsync(1, cancellationToken);
            if (records.Count > 0) _recordWaitsAt = from;
            else if (reader.NextOffset > NextOffset) NextOffset = reader.NextOffset;

            // The reader found its end after the log was asked for its own: what lies between can't be read.
            if (records.Count == 0 && reader.NextOffset < end)
                MeetTransaction(new OpenTransaction(NextOffset, end, _services.Time.GetTimestamp()));
            else
                EndTransaction(long.MaxValue);
            _progress.Fire();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The stream says loudly enough that its log can't be read.
            LogEndNotRead(e, _chain, from);
        }
    }

    /// <summary>Why nothing of the log is taken in though there is more; null if that is not so, or only since a moment: transactions come
    /// and go.</summary>
    private string? LastingTransaction =>
        _transaction is { } open && _services.Time.GetElapsedTime(open.Since) >= OpenTransaction.SaidAfter ? open.Sentence(_chain) : null;

    private void MeetTransaction(OpenTransaction seen)
    {
        var known = _transaction is { } before && before.At == seen.At;
        if (known) seen = seen with { Since = _transaction!.Value.Since, IsSaid = _transaction.Value.IsSaid };
        _transaction = seen;
        if (seen.IsSaid || LastingTransaction is not { } sentence) return;
        _transaction = seen with { IsSaid = true };
        LogTransactionOpen(_services.Logger, sentence);
    }

    /// <summary>It is over if the sink stands beyond it.</summary>
    private void EndTransaction(long next)
    {
        if (_transaction is not { } open || next <= open.At) return;
        _transaction = null;
        if (open.IsSaid) LogTransactionOver(_services.Logger, _chain, open.At);
    }
}

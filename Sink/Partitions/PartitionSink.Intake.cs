using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    private const int GapReadRecords = 1000;

    /// <summary>
    /// Makes sure that nothing lies between what was taken in and a batch. Offsets may have holes, so only the log can say; a stream that
    /// skipped something is made good for, and what retention took follows a policy.
    /// </summary>
    private async Task FillGapAsync(long first, CancellationToken cancellationToken)
    {
        if (first <= NextOffset) return;
        try
        {
            var from = NextOffset;
            await using var reader = await _services.Log.OpenReaderAsync(_chain.Partition, from, cancellationToken);
            while (NextOffset < first)
            {
                var records = await reader.ReadAsync(GapReadRecords, cancellationToken);
                if (records.Count == 0 && reader.NextOffset > 0 && reader.NextOffset < first)
                    throw new LogException(
                        $"{_chain}: what the stream left out from offset {NextOffset} on is in the log, but can't be read from it now.");
                if (records.Count == 0 || records[0].Offset >= first) break;
                await TakeAsync(records, first, cancellationToken);
            }

            if (NextOffset > from) LogGapFilled(_chain, from, NextOffset - 1);
        }
        catch (OffsetOutOfRangeException e) when (e.Bounds.First > NextOffset)
        {
            var lost = new OffsetRange(NextOffset, Math.Min(e.Bounds.First, first));
            LostOffsets.Accept(_services, _chain, lost);
            NextOffset = lost.End;
            await FillGapAsync(first, cancellationToken);
        }
    }

    private async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        var limit = _services.Options.MaxBufferedBytes;
        var started = _services.Time.GetTimestamp();
        while (true)
        {
            var progress = _progress.Next;
            var buffered = _writers.Sum(writer => writer.BufferedBytes) + (_letters?.Bytes ?? 0);

            // The largest table goes early, so that files stay large and the stream seldom has to wait. More is not sealed while it waits:
            // that would make a small file of every batch that finds room.
            while (_writers.Sum(writer => writer.ActiveBytes) >= limit / 4 * 3)
            {
                _writers.MaxBy(writer => writer.ActiveBytes)!.Seal(NextOffset - 1);
            }

            // Rows that come faster than they are encoded would take the room of those that are.
            if (buffered < limit && _writers.Sum(writer => writer.BytesUnderWay) <= limit / 12) return;
            var rest = _services.Options.WaitTimeout - _services.Time.GetElapsedTime(started);
            if (rest <= TimeSpan.Zero || !await WaitAsync(progress, rest, cancellationToken))
            {
                throw new TimeoutException(
                    $"{_chain}: {buffered} bytes wait for the lake or the dead letters, which take nothing; offset {NextOffset} has to "
                        + "wait.");
            }
        }
    }

    private async Task<bool> WaitAsync(Task progress, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await progress.WaitAsync(longest, _services.Time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

using Banking.Lake.Evidence;
using Banking.Lake.Store;
using Banking.Sink.Writers;
using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly RecordMark? _recovered;
    private LogRecord? _newest;
    private LogRecord? _before;
    private (RecordMark Mark, Task Check)? _confirming;
    private long _tookAt;
    private long _watchedAt;
    private bool _checkIsDue;

    /// <summary>
    /// Why the log is not the one that the records came from; null while it is. Nothing is taken in or written any more: whoever owns the
    /// sink opens another one, which finds out from the lake and the log what follows.
    /// </summary>
    public LakeRefusalException? Divergence { get; private set; }

    private void Look(in LogRecord record)
    {
        // One that was refused comes again.
        if (record.Offset == _newest?.Offset) return;
        (_before, _newest) = (_newest, record);
    }

    /// <summary>
    /// A log that lost its end was away for a moment, and then its new records follow those that came before as if nothing had happened.
    /// So what came last is looked for before the next is taken in, where there was a pause or records come again.
    /// </summary>
    private async Task CheckBeforeAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
    {
        _checkIsDue |= records[0].Offset < NextOffset || _services.Time.GetElapsedTime(_tookAt) >= Pause;
        _tookAt = _services.Time.GetTimestamp();
        if (_checkIsDue && records[^1].Offset >= NextOffset) await TryConfirmAsync(cancellationToken);
        if (Divergence is { } divergence) throw divergence;
    }

    private RecordMark? MarkAt(long end)
    {
        if (_newest is { } newest && newest.Offset <= end) return RecordMark.Of(newest.ForLake());
        if (_before is { } before && before.Offset <= end) return RecordMark.Of(before.ForLake());
        return _recovered is { } recovered && recovered.Offset <= end ? recovered : null;
    }

    private SealEvidence? EvidenceOf(TableWriter sealing, long end)
    {
        if (MarkAt(end) is not { } mark) return null;
        var others = _writers.Where(writer => writer != sealing).ToArray();

        // Where this file is, its chain has all before it.
        var letters = Math.Min(end + 1, _letters?.FirstUndurable ?? long.MaxValue);
        return new SealEvidence(
            mark, Claim(other => other.FirstUndurable, other => other.NextStart),
            Claim(other => other.FirstUnsealed, other => other.NextStartWhenCommitted));

        DurableClaim Claim(Func<TableWriter, long?> first, Func<TableWriter, long> next) => new(
            others.Aggregate(letters, (below, other) => Math.Min(below, first(other) ?? long.MaxValue)),
            DurableClaim.TailsOf(others.Select(other => (other.Table, next(other)))));
    }

    /// <summary>
    /// Returns if the log still has the newest record that was looked at, or can't be asked: what is written then was in it, and is held
    /// against it when it is back.
    /// </summary>
    /// <exception cref="LogDivergedException">It has not; nothing may be written.</exception>
    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        if (MarkAt(long.MaxValue) is not { } mark) return;
        try
        {
            // All tables that commit together ask once.
            if (_confirming is not { } asked || asked.Mark != mark || asked.Check.IsCompleted)
            {
                asked = (mark, LogComparison.CheckAsync(_services.Log, _chain, mark, cancellationToken));
                _confirming = asked;
            }

            await asked.Check;
            _checkIsDue = false;
        }
        catch (LogDivergedException divergence)
        {
            Diverge(divergence);
            throw;
        }
        catch (LogException e)
        {
            _checkIsDue = true;
            LogEndNotRead(e, _chain, NextOffset);
        }
    }

    private async Task TryConfirmAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ConfirmAsync(cancellationToken);
        }
        catch (LogDivergedException)
        {
            // Kept in Divergence.
        }
    }

    /// <summary>
    /// Looks now and then whether the log lost its end, and after each time that it was away whether it is the same as before.
    /// </summary>
    private async Task WatchLogAsync(CancellationToken cancellationToken)
    {
        if (_services.Time.GetElapsedTime(_watchedAt) < LookEvery) return;
        _watchedAt = _services.Time.GetTimestamp();
        try
        {
            var next = (await _services.Log.GetBoundsAsync(_chain.Partition, cancellationToken)).Next;
            if (next < NextOffset || _checkIsDue) await TryConfirmAsync(cancellationToken);
        }
        catch (LogException e)
        {
            _checkIsDue = true;
            LogEndNotRead(e, _chain, NextOffset);
        }
    }

    private void Diverge(LakeRefusalException divergence)
    {
        if (Divergence is null) LogDiverged(divergence);
        Divergence = divergence;
        _progress.Fire();
    }
}

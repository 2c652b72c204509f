using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

/// <summary>
/// Whether the log still has the records that the lake took from it: a log that lost its end is another one, and nothing more may be
/// written. Belongs to one <see cref="PartitionSink"/>.
/// </summary>
/// <param name="recovered">The newest record that the lake knew of when the sink was opened.</param>
/// <param name="diverged">Told when the log was found to be another one.</param>
internal sealed partial class LogEndCheck(PartitionServices services, ChainId chain, RecordMark? recovered, Action diverged)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(5);
    private LogRecord? _newest;
    private LogRecord? _before;
    private (RecordMark Mark, Task Check)? _confirming;
    private long _tookAt;
    private long _watchedAt;
    private bool _isDue;

    /// <summary>
    /// Why the log is not the one that the records came from; null while it is. Nothing is taken in or written any more: whoever owns the
    /// sink opens another one, which finds out from the lake and the log what follows.
    /// </summary>
    public LakeRefusalException? Divergence { get; private set; }

    /// <summary>Notes a record before it is taken in.</summary>
    public void Look(in LogRecord record)
    {
        // One that was refused comes again.
        if (record.Offset == _newest?.Offset) return;
        (_before, _newest) = (_newest, record);
    }

    /// <summary>
    /// A log that lost its end was away for a moment, and then its new records follow those that came before as if nothing had happened.
    /// So what came last is looked for before the next is taken in, where there was a pause or records come again.
    /// </summary>
    /// <param name="next">The first offset not yet taken in.</param>
    public async Task CheckBeforeAsync(IReadOnlyList<LogRecord> records, long next, CancellationToken cancellationToken)
    {
        _isDue |= records[0].Offset < next || services.Time.GetElapsedTime(_tookAt) >= Pause;
        _tookAt = services.Time.GetTimestamp();
        if (_isDue && records[^1].Offset >= next) await TryConfirmAsync(cancellationToken);
        if (Divergence is { } divergence) throw divergence;
    }

    /// <summary>The newest record that is known up to an offset.</summary>
    public RecordMark? MarkAt(long end)
    {
        if (_newest is { } newest && newest.Offset <= end) return RecordMark.Of(newest.ForLake());
        if (_before is { } before && before.Offset <= end) return RecordMark.Of(before.ForLake());
        return recovered is { } known && known.Offset <= end ? known : null;
    }

    /// <summary>
    /// Returns if the log still has the newest record that was looked at, or can't be asked: what is written then was in it, and is held
    /// against it when it is back.
    /// </summary>
    /// <exception cref="LogDivergedException">It has not; nothing may be written.</exception>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        if (MarkAt(long.MaxValue) is not { } mark) return;
        try
        {
            // All tables that commit together ask once.
            if (_confirming is not { } asked || asked.Mark != mark || asked.Check.IsCompleted)
            {
                asked = (mark, LogComparison.CheckAsync(services.Log, chain, mark, cancellationToken));
                _confirming = asked;
            }

            await asked.Check;
            _isDue = false;
        }
        catch (LogDivergedException divergence)
        {
            if (Divergence is null) LogDiverged(services.Logger, divergence, chain);
            Divergence = divergence;
            diverged();
            throw;
        }
        catch (LogException e)
        {
            _isDue = true;
            LogNotRead(services.Logger, e, chain);
        }
    }

    /// <summary>As <see cref="ConfirmAsync"/>, for whoever looks at <see cref="Divergence"/> afterwards.</summary>
    public async Task TryConfirmAsync(CancellationToken cancellationToken)
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
    /// <param name="next">The first offset not yet taken in.</param>
    public async Task WatchAsync(long next, CancellationToken cancellationToken)
    {
        if (services.Time.GetElapsedTime(_watchedAt) < WatchEvery) return;
        _watchedAt = services.Time.GetTimestamp();
        try
        {
            var end = (await services.Log.GetBoundsAsync(chain.Partition, cancellationToken)).Next;
            if (end < next || _isDue) await TryConfirmAsync(cancellationToken);
        }
        catch (LogException e)
        {
            _isDue = true;
            LogNotRead(services.Logger, e, chain);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing more of {Chain} is taken into the lake, and what is not in a file yet is "
        + "given up.")]
    private static partial void LogDiverged(ILogger logger, Exception exception, ChainId chain);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Chain}: the log can't be asked for its end; trying again.")]
    private static partial void LogNotRead(ILogger logger, Exception exception, ChainId chain);
}

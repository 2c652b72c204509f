using System.Text;
using Banking.Lake.Files;
using Banking.Lake.Sequences;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Numbers;
using Banking.Streaming;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

/// <summary>How a batch is taken in: what lies before it, room for it, and where each record goes.</summary>
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

            if (NextOffset > from) LogGapFilled(_services.Logger, _chain, from, NextOffset - 1);
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

    private async Task TakeAsync(IReadOnlyList<LogRecord> records, long below, CancellationToken cancellationToken)
    {
        await WaitForRoomAsync(cancellationToken);
        var now = _services.Time.GetUtcNow();
        try
        {
            for (var i = 0; i < records.Count; i++)
            {
                var record = records[i];
                if (record.Offset < NextOffset) continue;
                if (record.Offset >= below) break;
                _logEnd.Look(record);
                var verdict = Route(record, now);
                while (verdict == NumberVerdict.Unsure)
                {
                    await LookUpAsync(records, i, cancellationToken);
                    verdict = Route(record, now);
                }

                // Taken from the parser before anything else is parsed.
                if (verdict == NumberVerdict.Fork)
                    await _faults.KeepForkAsync(record, Encoding.UTF8.GetString(_parser.Event.Text(EventField.EventId)), cancellationToken);
                NextOffset = record.Offset + 1;
            }
        }
        finally
        {
            _numbers.Forget();
            _letters?.Send();
            _progress.Fire();
        }
    }

    /// <returns>What its number makes of it. Nothing is done with one that is <see cref="NumberVerdict.Unsure"/>, or a
    /// <see cref="NumberVerdict.Fork"/>.</returns>
    private NumberVerdict Route(in LogRecord record, DateTimeOffset now)
    {
        if (!TryParse(record, out var isObject, out var table))
        {
            TakeUnreadable(record, isObject);
            return NumberVerdict.New;
        }

        if (table < 0 || _writers[table].Covers(_parser.Event)) return NumberVerdict.New;
        var verdict = JudgeNumber(table);
        if (verdict == NumberVerdict.Double) _writers[table].Drop();
        if (verdict != NumberVerdict.New) return verdict;
        if (_parser.Event.Unrepresentable > 0) _services.Metrics.Unrepresentable(_parser.Event.Unrepresentable);
        _writers[table].Take(_parser.Event, now);
        _numbers.Taken(_parser.Event, table);
        return verdict;
    }

    private bool TryParse(in LogRecord record, out bool isObject, out int table)
    {
        table = -1;
        isObject = !RecordCut.IsCut(record) && _parser.TryParse(record.ForLake(), _chain.Partition);
        if (!isObject || !LakeTables.TryRoute(_parser.Event.Text(EventField.EventType), out table)) return false;
        if (!_services.Claims.Check(record, _parser.Event)) _services.Metrics.ForeignNumber();
        return true;
    }

    private NumberVerdict JudgeNumber(int table)
    {
        var row = _parser.Event;
        if (!row.HasIdentity) return NumberVerdict.New;
        var verdict = _numbers.Judge(row, table, out var missing);
        if (missing > 0) _faults.NoteMissing(row, missing);
        return verdict;
    }

    /// <summary>
    /// Asks the files for all that is unsure in the rest of a batch, as each look takes long. The parser has another record afterwards.
    /// </summary>
    private async Task LookUpAsync(IReadOnlyList<LogRecord> records, int from, CancellationToken cancellationToken)
    {
        var questions = new HashSet<NumberQuestion>();
        for (var i = from; i < records.Count; i++)
        {
            if (!TryParse(records[i], out _, out var table) || table < 0) continue;
            if (!_parser.Event.HasIdentity || _writers[table].Covers(_parser.Event)) continue;
            _numbers.AddQuestions(_parser.Event, table, questions);
        }

        await _numbers.LookUpAsync(questions, cancellationToken);
    }

    private void TakeUnreadable(in LogRecord record, bool isObject)
    {
        var reason = RecordCut.SentenceOf(record) is { } cut
            ? $"It is too large. {cut}"
            : isObject ? EventTypeReason() : "Its value is not one JSON object.";
        if (_services.Options.UnreadablePolicy == FailurePolicy.Block) throw new UnreadableRecordException(_chain, record.Offset, reason);
        CountUnreadable();
        if (_letters is null)
        {
            LogUnreadable(_services.Logger, _chain, record.Offset);
            return;
        }

        LogDeadLetter(_services.Logger, _chain, record.Offset);
        _letters.Add(record, reason);
    }

    private string EventTypeReason() =>
        _parser.Event.HasText(EventField.EventType) ? "Its event_type is none that is known." : "It has no event_type.";

    private void CountUnreadable()
    {
        _unreadable++;
        _services.Metrics.Unreadable();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: the stream left out the offsets {First} to {Last}; they were read from "
        + "the log.")]
    private static partial void LogGapFilled(ILogger logger, ChainId chain, long first, long last);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: the record at offset {Offset} is not an event (no JSON object, or of an "
        + "unknown type) and is in no table.")]
    private static partial void LogUnreadable(ILogger logger, ChainId chain, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: the record at offset {Offset} is not an event (no JSON object, or of an "
        + "unknown type) and goes to the dead letters.")]
    private static partial void LogDeadLetter(ILogger logger, ChainId chain, long offset);
}

/// <summary>A record is not an event, and the policy is that nothing behind it is taken in.</summary>
public sealed class UnreadableRecordException(ChainId chain, long offset, string reason)
    : LakeRefusalException(
        $"{chain}: the record at offset {offset} is not an event, and nothing behind it is taken in. {reason} "
        + "To go on, set the policy for unreadable records (Banking:Log:Unreadable) to Skip or DeadLetter.");

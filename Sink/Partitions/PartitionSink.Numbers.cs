using System.Text;
using Banking.Lake;
using Banking.Lake.Events;
using Banking.Lake.Sequences;
using Banking.Lake.Tables;
using Banking.Sink.Numbers;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    private readonly NumberJudge _numbers;
    private readonly ForkStore _forks;
    private long _missing;
    private SinkFinding? _firstMissing;

    private IEnumerable<SinkFinding> NumberFindings()
    {
        if (_forks.Since is { } since)
        {
            yield return new SinkFinding(
                $"lake/partition-{_chain.Partition}/forks",
                $"{_chain}: {_forks.Count} events have a number that another event of their account has in the lake, as after a database "
                    + "was put back to an older state. "
                + $"They are in no table, but in the lake's folder {_forks.Folder}; this is said until they are removed from there.",
                IsCritical: false,
                since);
        }

        if (_firstMissing is not null) yield return _firstMissing;
    }

    private NumberVerdict JudgeNumber(int table)
    {
        var row = _parser.Event;
        if (!row.HasIdentity) return NumberVerdict.New;
        var verdict = _numbers.Judge(row, table, out var missing);
        if (missing > 0) CountMissing(row, missing);
        return verdict;
    }

    private void CountMissing(ParsedEvent row, long missing)
    {
        _missing += missing;
        _services.Metrics.Missing(missing);
        if (_firstMissing is not null) return;
        var (account, number) = (Encoding.UTF8.GetString(row.Text(EventField.AccountId)), row.Number(EventField.SequenceNumber));
        var sentence =
            $"{_chain}: events of accounts are missing from the log; the first that was noticed: {account} has event {number} and not the "
                + $"{missing} before it.";
        _firstMissing = new SinkFinding(
            $"lake/partition-{_chain.Partition}/missing", sentence, IsCritical: false, _services.Time.GetUtcNow());
        LogMissing(_services.Logger, sentence);
    }

    /// <summary>
    /// Asks the files for all that is unsure in the rest of a batch, as each look takes long. The parser has another record afterwards.
    /// </summary>
    private async Task LookUpAsync(IReadOnlyList<LogRecord> records, int from, CancellationToken cancellationToken)
    {
        var questions = new HashSet<NumberQuestion>();
        for (var i = from; i < records.Count; i++)
        {
            if (
                TryParse(records[i], out _, out var table)
                    && table >= 0 && _parser.Event.HasIdentity && !_writers[table].Covers(_parser.Event))
                _numbers.AddQuestions(_parser.Event, table, questions);
        }

        await _numbers.LookUpAsync(questions, cancellationToken);
    }

    private async Task KeepForkAsync(LogRecord record, CancellationToken cancellationToken)
    {
        // Taken from the parser before anything else is parsed.
        var id = Encoding.UTF8.GetString(_parser.Event.Text(EventField.EventId));
        if (!await _forks.KeepAsync(record, $"The lake has another event {id}.", cancellationToken)) return;
        _services.Metrics.Fork();
        LogFork(_services.Logger, _chain.ToString(), record.Offset, id, _forks.Folder);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message =
            "{Chain}: the record at offset {Offset} is event {Event}, of which the lake has another one: the account's storage was older "
                + "than the log. It is kept in {Folder}.")]
    private static partial void LogFork(ILogger logger, string chain, long offset, string @event, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Sentence}")]
    private static partial void LogMissing(ILogger logger, string sentence);
}

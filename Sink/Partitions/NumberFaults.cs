using System.Text;
using Banking.Lake;
using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Tables;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

/// <summary>
/// What is wrong with accounts' numbers in a partition: second events of a number, which are kept aside, and numbers that are missing.
/// Belongs to one <see cref="PartitionSink"/>.
/// </summary>
internal sealed partial class NumberFaults(PartitionServices services, ChainId chain)
{
    private readonly ForkStore _forks = new(services.Store, chain, services.Time);
    private SinkFinding? _firstMissing;

    public long Forks => _forks.Count;

    public long Missing { get; private set; }

    public IEnumerable<SinkFinding> Findings
    {
        get
        {
            if (_forks.Since is { } since)
            {
                yield return new SinkFinding(
                    $"lake/partition-{chain.Partition}/forks",
                    $"{chain}: {_forks.Count} events have a number that another event of their account has in the lake, as after a "
                        + "database was put back to an older state. They are in no table, but in the lake's folder "
                        + $"{_forks.Folder}; this is said until they are removed from there.",
                    IsCritical: false,
                    since);
            }

            if (_firstMissing is not null) yield return _firstMissing;
        }
    }

    /// <summary>Counts what earlier owners kept aside.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => _forks.CountAsync(cancellationToken);

    /// <summary>Notes numbers that are missing before an event's.</summary>
    public void NoteMissing(ParsedEvent row, long missing)
    {
        Missing += missing;
        services.Metrics.Missing(missing);
        if (_firstMissing is not null) return;
        var (account, number) = (Encoding.UTF8.GetString(row.Text(EventField.AccountId)), row.Number(EventField.SequenceNumber));
        var sentence =
            $"{chain}: events of accounts are missing from the log; the first that was noticed: {account} has event {number} and not the "
                + $"{missing} before it.";
        _firstMissing = new SinkFinding(
            $"lake/partition-{chain.Partition}/missing", sentence, IsCritical: false, services.Time.GetUtcNow());
        LogMissing(services.Logger, sentence);
    }

    /// <summary>Keeps a second event of a number aside.</summary>
    public async Task KeepForkAsync(LogRecord record, string eventId, CancellationToken cancellationToken)
    {
        if (!await _forks.KeepAsync(record, $"The lake has another event {eventId}.", cancellationToken)) return;
        services.Metrics.Fork();
        LogFork(services.Logger, chain.ToString(), record.Offset, eventId, _forks.Folder);
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

using Banking.Lake;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Writers;
using Banking.Streaming;
using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    private string? _refusal;
    private long _refusedAt = -1;
    private DateTimeOffset _refusedSince;
    private long _unreadable;

    /// <summary>Why nothing more is taken in; null if it is.</summary>
    private string? Refusal => Divergence is { } divergence ? divergence.Message : _refusedAt == NextOffset ? _refusal : null;

    /// <summary>What an operator has to know of the partition. Players are answered all the while.</summary>
    private IReadOnlyList<SinkFinding> Findings
    {
        get
        {
            List<SinkFinding> findings = [];
            if (Refusal is { } refusal)
            {
                findings.Add(new SinkFinding($"lake/partition-{_chain.Partition}/blocked", refusal, IsCritical: false, _refusedSince));
            }
            if (_letters?.Failure is { } failure)
                findings.Add(
                    new SinkFinding($"lake/partition-{_chain.Partition}/dead-letters", failure, IsCritical: false, _letters.FailingSince));
            return findings;
        }
    }

    private DeadLetterWriter? CreateLetters()
    {
        if (_services.Options.UnreadablePolicy != FailurePolicy.DeadLetter) return null;
        var log = _services.DeadLetters ?? throw new InvalidOperationException("The log has no place for dead letters.");
        return new DeadLetterWriter(log, _chain, _services.Metrics, _services.Time, _services.Logger) { Progressed = _progress.Fire };
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
            LogUnreadable(_chain, record.Offset);
            return;
        }

        LogDeadLetter(_chain, record.Offset);
        _letters.Add(record, reason);
    }

    private string EventTypeReason() =>
        _parser.Event.HasText(EventField.EventType) ? "Its event_type is none that is known." : "It has no event_type.";

    private void Refuse(LakeRefusalException refusal)
    {
        // It is delivered again and again.
        if (_refusedAt == NextOffset) return;
        (_refusal, _refusedAt, _refusedSince) = (refusal.Message, NextOffset, _services.Time.GetUtcNow());
        if (refusal is UnreadableRecordException) CountUnreadable();
        LogBlocked(refusal, _chain, NextOffset);
    }

    private void CountUnreadable()
    {
        _unreadable++;
        _services.Metrics.Unreadable();
    }
}

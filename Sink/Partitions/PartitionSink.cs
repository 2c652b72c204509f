using Banking.Lake;
using Banking.Lake.Events;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Sequences;
using Banking.Lake.Store;
using Banking.Sink.Catalog;
using Banking.Sink.Numbers;
using Banking.Sink.Writers;
using Banking.Streaming;
using Banking.Streaming.Log;
using Banking.Waiting;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

/// <summary>
/// One partition on its way into the lake: takes the log's records in offset order, gives each to its table's writer, and knows below
/// which offset everything is durable. Not thread-safe: all calls and continuations belong on one task scheduler, as a grain's do.
/// </summary>
internal sealed partial class PartitionSink : IDisposable
{
    private readonly PartitionServices _services;
    private readonly ChainId _chain;
    private readonly IReadOnlyList<TableWriter> _writers;
    private readonly DeadLetterWriter? _letters;
    private readonly EventParser _parser = new();
    private readonly SemaphoreSlim _intake = new(1);
    private readonly ChangeSignal _progress = new();
    private readonly LogEndCheck _logEnd;
    private readonly LogHoles _holes;
    private readonly GroupOffset _groupOffset;
    private readonly NumberJudge _numbers;
    private readonly NumberFaults _faults;
    private string? _refusal;
    private long _refusedAt = -1;
    private DateTimeOffset _refusedSince;
    private long _unreadable;

    private PartitionSink(PartitionServices services, ChainId chain, RecoveredPartition recovered)
    {
        _services = services;
        _chain = chain;
        _writers = recovered.Writers;
        NextOffset = recovered.NextOffset;
        _logEnd = new LogEndCheck(services, chain, recovered.Newest, _progress.Fire);
        _holes = new LogHoles(services, chain);
        _groupOffset = new GroupOffset(services, chain);
        foreach (var writer in _writers)
        {
            writer.Progressed = _progress.Fire;
            writer.EvidenceAt = end => EvidenceOf(writer, end);
            writer.Confirm = _logEnd.ConfirmAsync;
            if (services.Notices is { } notices) Announce(writer, notices);
        }

        _numbers = new NumberJudge(_writers, new NumberLookup(services.Store));
        _faults = new NumberFaults(services, chain);
        _letters = CreateLetters();
        services.Metrics.Watch(chain, () => NextOffset - DurableOffset, () => Refusal is not null);
    }

    /// <inheritdoc cref="LogEndCheck.Divergence"/>
    public LakeRefusalException? Divergence => _logEnd.Divergence;

    /// <summary>The first offset not yet taken in.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Below it everything is durable in every table, and among the dead letters.</summary>
    public long DurableOffset
    {
        get
        {
            var durable = Math.Min(NextOffset, _letters?.FirstUndurable ?? long.MaxValue);
            foreach (var writer in _writers) durable = Math.Min(durable, writer.FirstUndurable ?? long.MaxValue);
            return durable;
        }
    }

    public SinkStatus Status => new(
        _chain.Partition,
        NextOffset,
        DurableOffset,
        _writers.Sum(writer => writer.BufferedRows),
        _writers.Sum(writer => writer.Duplicates),
        _unreadable,
        Refusal,
        _writers.Select(writer => writer.Failure).FirstOrDefault(failure => failure is not null) ?? _holes.LastingTransaction,
        [.. Findings, .. _faults.Findings],
        _letters?.Written ?? 0,
        _faults.Forks,
        _faults.Missing);

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

    /// <summary>Finds where the lake ends and opens its writers there.</summary>
    public static async Task<PartitionSink> OpenAsync(PartitionServices services, int partition, CancellationToken cancellationToken)
    {
        var chain = new ChainId(services.Log.LogId, partition);
        var sink = new PartitionSink(services, chain, await PartitionRecovery.OpenAsync(services, chain, cancellationToken));
        await sink._faults.OpenAsync(cancellationToken);
        LogOpened(services.Logger, chain, sink.NextOffset);
        return sink;
    }

    /// <summary>
    /// Takes a batch in. Records that were taken in before are skipped; missing ones are read from the log first. Waits while too much is
    /// in memory.
    /// </summary>
    /// <exception cref="TimeoutException">The lake takes nothing; none of the batch was taken in, and it may be delivered
    /// again.</exception>
    /// <exception cref="LakeRefusalException">Nothing is taken in from <see cref="NextOffset"/> on; the batch may be delivered again, and
    /// is refused again.</exception>
    public async Task TakeAsync(LogRecordBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Records.Count == 0) return;
        await _intake.WaitAsync(cancellationToken);
        try
        {
            await _logEnd.CheckBeforeAsync(batch.Records, NextOffset, cancellationToken);
            await FillGapAsync(batch.Records[0].Offset, cancellationToken);
            await TakeAsync(batch.Records, long.MaxValue, cancellationToken);
        }
        catch (LakeRefusalException refusal)
        {
            Refuse(refusal);
            throw;
        }
        finally
        {
            _intake.Release();
        }
    }

    /// <summary>Commits rows that are old or idle, and the consumer group's offset. Called about once a second.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        var now = _services.Time.GetUtcNow();
        foreach (var writer in _writers) writer.SealIfDue(NextOffset - 1, now);
        await _logEnd.WatchAsync(NextOffset, cancellationToken);
        if (Divergence is not null) return;
        await _groupOffset.CommitAsync(DurableOffset, cancellationToken);
        await PassHolesAsync(cancellationToken);
    }

    /// <summary>Returns when everything up to and including an offset was taken in and is durable.</summary>
    /// <exception cref="TimeoutException">It was not within the time that the options give.</exception>
    /// <exception cref="InvalidOperationException">The sink refuses a record at or before the offset.</exception>
    public async Task FlushAsync(long offset, CancellationToken cancellationToken)
    {
        var started = _services.Time.GetTimestamp();
        await _logEnd.TryConfirmAsync(cancellationToken);
        while (true)
        {
            var progress = _progress.Next;
            if (Divergence is { } divergence) throw new InvalidOperationException(divergence.Message);
            if (NextOffset > offset) SealUpTo(offset);
            if (DurableOffset > offset) return;
            if (Refusal is { } refusal && NextOffset <= offset) throw new InvalidOperationException(refusal);
            var blocked = _holes.Transaction is { } open && open.At <= offset ? open.Sentence(_chain) : null;

            // A transaction lasts as long as its producer likes: whoever waits is told why while there is time left.
            var rest = _services.Options.WaitTimeout / (blocked is null ? 1 : 2) - _services.Time.GetElapsedTime(started);
            if (blocked is not null && rest <= TimeSpan.Zero) throw new TimeoutException(blocked);
            if (rest <= TimeSpan.Zero || (!await WaitAsync(progress, rest, cancellationToken) && blocked is null))
            {
                throw new TimeoutException(
                    $"{_chain}: offset {offset} is not in the lake yet; taken in up to {NextOffset - 1}, durable up to "
                        + $"{DurableOffset - 1}.");
            }
        }
    }

    /// <summary>Commits what waits; gives up when the token fires.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        Task[] closing =
            [.. _writers.Select(writer => writer.CloseAsync(NextOffset - 1, cancellationToken)),
                _letters?.CloseAsync(cancellationToken) ?? Task.CompletedTask];
        await Task.WhenAll(closing);
        await _groupOffset.CommitAsync(DurableOffset, cancellationToken);
    }

    public void Dispose()
    {
        _services.Metrics.Unwatch(_chain);
        foreach (var writer in _writers) writer.Dispose();
        _letters?.Dispose();
        _intake.Dispose();
    }

    private async Task PassHolesAsync(CancellationToken cancellationToken)
    {
        if (await _holes.LookAsync(NextOffset, cancellationToken) is not { } found) return;

        // Others may have gone on meanwhile: no record is passed.
        NextOffset = Math.Max(NextOffset, found.Next);
        _holes.Note(found, NextOffset);
        _progress.Fire();
    }

    private DeadLetterWriter? CreateLetters()
    {
        if (_services.Options.UnreadablePolicy != FailurePolicy.DeadLetter) return null;
        var log = _services.DeadLetters ?? throw new InvalidOperationException("The log has no place for dead letters.");
        return new DeadLetterWriter(log, _chain, _services.Metrics, _services.Time, _services.Logger) { Progressed = _progress.Fire };
    }

    private SealEvidence? EvidenceOf(TableWriter sealing, long end)
    {
        if (_logEnd.MarkAt(end) is not { } mark) return null;
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

    private void Refuse(LakeRefusalException refusal)
    {
        // It is delivered again and again.
        if (_refusedAt == NextOffset) return;
        (_refusal, _refusedAt, _refusedSince) = (refusal.Message, NextOffset, _services.Time.GetUtcNow());
        if (refusal is UnreadableRecordException) CountUnreadable();
        LogBlocked(_services.Logger, refusal, _chain, NextOffset);
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

    private static void Announce(TableWriter writer, CatalogNotices notices)
    {
        writer.Committed = day => notices.Add(writer.Table, day);

        // The owner before may have died after its commit and before its notice.
        if (writer.Day is { } last) notices.Add(writer.Table, last);
    }

    private void SealUpTo(long offset)
    {
        foreach (var writer in _writers)
        {
            if (writer.FirstUndurable <= offset) writer.Seal(NextOffset - 1);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The lake takes {Chain} from offset {Next} on.")]
    private static partial void LogOpened(ILogger logger, ChainId chain, long next);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing of {Chain} is taken into the lake from offset {Offset} on.")]
    private static partial void LogBlocked(ILogger logger, Exception exception, ChainId chain, long offset);
}

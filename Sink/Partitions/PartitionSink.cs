using Banking.Lake;
using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Sequences;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Catalog;
using Banking.Sink.Numbers;
using Banking.Sink.Writers;
using Banking.Streaming.Log;

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
    private readonly Pulse _progress = new();
    private readonly FailureSeries _offsetFailures;

    private PartitionSink(PartitionServices services, ChainId chain, RecoveredPartition recovered)
    {
        _services = services;
        _chain = chain;
        _writers = recovered.Writers;
        _recovered = recovered.Newest;
        NextOffset = recovered.NextOffset;
        _offsetFailures = new FailureSeries(services.Time);
        _lookedAt = services.Time.GetTimestamp();
        foreach (var writer in _writers)
        {
            writer.Progressed = _progress.Fire;
            writer.EvidenceAt = end => EvidenceOf(writer, end);
            writer.Confirm = ConfirmAsync;
            if (services.Notices is { } notices) Announce(writer, notices);
        }

        _numbers = new NumberJudge(_writers, new NumberLookup(services.Store));
        _forks = new ForkStore(services.Store, chain, services.Time);
        _letters = CreateLetters();
        services.Metrics.Watch(chain, () => NextOffset - DurableOffset, () => Refusal is not null);
    }

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
        _writers.Select(writer => writer.Failure).FirstOrDefault(failure => failure is not null) ?? LastingTransaction,
        [.. Findings, .. NumberFindings()],
        _letters?.Written ?? 0,
        _forks.Count,
        _missing);

    /// <summary>Finds where the lake ends and opens its writers there.</summary>
    public static async Task<PartitionSink> OpenAsync(PartitionServices services, int partition, CancellationToken cancellationToken)
    {
        var chain = new ChainId(services.Log.LogId, partition);
        var sink = new PartitionSink(services, chain, await PartitionRecovery.OpenAsync(services, chain, cancellationToken));
        await sink._forks.CountAsync(cancellationToken);
        sink.LogOpened(chain, sink.NextOffset);
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
            await CheckBeforeAsync(batch.Records, cancellationToken);
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
        await WatchLogAsync(cancellationToken);
        if (Divergence is not null) return;
        await CommitOffsetAsync(cancellationToken);
        await PassHolesAsync(cancellationToken);
    }

    /// <summary>Returns when everything up to and including an offset was taken in and is durable.</summary>
    /// <exception cref="TimeoutException">It was not within the time that the options give.</exception>
    /// <exception cref="InvalidOperationException">The sink refuses a record at or before the offset.</exception>
    public async Task FlushAsync(long offset, CancellationToken cancellationToken)
    {
        var started = _services.Time.GetTimestamp();
        await TryConfirmAsync(cancellationToken);
        while (true)
        {
            var progress = _progress.Next;
            if (Divergence is { } divergence) throw new InvalidOperationException(divergence.Message);
            if (NextOffset > offset) SealUpTo(offset);
            if (DurableOffset > offset) return;
            if (Refusal is { } refusal && NextOffset <= offset) throw new InvalidOperationException(refusal);
            var blocked = _transaction is { } open && open.At <= offset ? open.Sentence(_chain) : null;

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
        await CommitOffsetAsync(cancellationToken);
    }

    public void Dispose()
    {
        _services.Metrics.Unwatch(_chain);
        foreach (var writer in _writers) writer.Dispose();
        _letters?.Dispose();
        _intake.Dispose();
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
                Look(record);
                var verdict = Route(record, now);
                while (verdict == NumberVerdict.Unsure)
                {
                    await LookUpAsync(records, i, cancellationToken);
                    verdict = Route(record, now);
                }

                if (verdict == NumberVerdict.Fork) await KeepForkAsync(record, cancellationToken);
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
}

using Banking.Lake.Chains;
using Banking.Lake.Events;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Sequences;
using Banking.Lake.Tables;
using Banking.Sink.Diagnostics;
using Banking.Sink.Settings;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Writers;

/// <summary>
/// Gathers one table's rows of a partition and commits them, file after file, while taking more rows. A commit that fails is tried again
/// until it succeeds or another owner's file covers its rows. Not thread-safe: all calls and continuations belong on one task scheduler, as
/// a grain's do; only encoding and files run elsewhere.
/// </summary>
internal sealed partial class TableWriter(
    TableChain chain, SequenceStore sequences, SequenceMap map, ChainTail tail, RollPolicy policy, SinkMetrics metrics, TimeProvider time,
    ILogger logger)
    : IDisposable
{
    private const int RowsPerSave = 50_000;
    private readonly Queue<RowBuffer> _sealed = new();

    // Files that are staged ahead while they wait for the ones before them: a lake may take a second for a file, and a chain commits one
    // after the other.
    private readonly Dictionary<RowBuffer, Task<StagedFile>> _ahead = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ChainEnd _end = new(tail, time);
    private RowBuffer? _active;
    private Task _committing = Task.CompletedTask;
    private long _unsavedRows;
    private DateOnly? _savedDay = tail.Day;

    public string Table => chain.Table.Name;

    public LakeTable LakeTable => chain.Table;

    /// <summary>The offset below which the table had been written when it was opened.</summary>
    public long OpenedAt { get; } = tail.NextStart;

    /// <summary>Called after every change of what is durable.</summary>
    public Action? Progressed { get; set; }

    /// <summary>Called with the day of every file that is added to the chain, whoever added it.</summary>
    public Action<DateOnly>? Committed { get; set; }

    /// <summary>Gives the evidence about log and lake for a file that covers up to a given offset.</summary>
    public Func<long, SealEvidence?>? EvidenceAt { get; set; }

    /// <summary>Awaited before each commit; nothing is committed if it fails, and the commit is tried again.</summary>
    public Func<CancellationToken, Task>? Confirm { get; set; }

    /// <summary>The offset at which the chain goes on.</summary>
    public long NextStart => _end.Tail.NextStart;

    /// <summary>The offset at which it goes on once the sealed rows are committed.</summary>
    public long NextStartWhenCommitted => Math.Max(_end.Tail.NextStart, _sealed.LastOrDefault()?.EndOffset + 1 ?? 0);

    /// <summary>The offset of the oldest row whose file is still open for more rows; null if there is none.</summary>
    public long? FirstUnsealed => _active?.FirstOffset;

    /// <summary>The day of the chain's last file; null if it has none.</summary>
    public DateOnly? Day => _end.Tail.Day;

    public long Duplicates { get; private set; }

    /// <summary>Why the last commit failed; null if it did not. It is tried again.</summary>
    public string? Failure { get; private set; }

    public long BufferedRows => _sealed.Sum(rows => (long)rows.Count) + (_active?.Count ?? 0);

    public long BufferedBytes => _sealed.Sum(rows => rows.Bytes) + (_active?.Bytes ?? 0);

    /// <summary>The bytes of rows that are being encoded while others come in.</summary>
    public long BytesUnderWay => _sealed.Sum(rows => rows.BytesUnderWay) + (_active?.BytesUnderWay ?? 0);

    /// <summary>The bytes of rows for which no encoding or commit is under way.</summary>
    public long ActiveBytes => _active?.SettledBytes ?? 0;

    /// <summary>The offset of the oldest row that is in no file; null if there is none.</summary>
    public long? FirstUndurable => _sealed.TryPeek(out var oldest) ? oldest.FirstOffset : _active?.FirstOffset;

    /// <summary>Whether the chain's files have the row, provided that it belongs to the table.</summary>
    public bool Covers(ParsedEvent row)
    {
        if (row.Number(EventField.Offset) >= _end.Tail.NextStart) return false;
        if (row.HasIdentity) map.Observe(row.Text(EventField.AccountId), row.Number(EventField.SequenceNumber));
        return true;
    }

    /// <summary>Counts an event that was in the log before.</summary>
    public void Drop()
    {
        Duplicates++;
        metrics.Duplicate(Table);
    }

    /// <summary>Takes in a row that the chain does not cover.</summary>
    public void Take(ParsedEvent row, DateTimeOffset now)
    {
        var offset = row.Number(EventField.Offset);
        var account = row.HasIdentity ? map.Accept(row.Text(EventField.AccountId), row.Number(EventField.SequenceNumber)) : -1;
        var day = _end.DayOf(row, now);
        if (_active is { } open && open.Day != day) Seal(offset - 1);
        _active ??= Begin(day, now);
        _active.Add(row, account, now);
        if (_active.LooseRows >= chain.Encoder.RowGroupRows) _ = EncodeGroupAsync(_active);
        if (policy.IsFull(_active)) Seal(offset);
    }

    /// <summary>Starts the commit of rows that have waited long enough.</summary>
    /// <param name="lastSeen">The last offset of the partition that was looked at.</param>
    public void SealIfDue(long lastSeen, DateTimeOffset now)
    {
        if (_active is { } open && policy.IsDue(open, now)) Seal(lastSeen);
    }

    /// <summary>Starts the commit of whatever waits.</summary>
    public void Seal(long lastSeen)
    {
        if (_active is null) return;
        if (_active is { Draft: not null, LooseRows: > 0 }) _ = EncodeGroupAsync(_active);
        _active.Seal(lastSeen, EvidenceAt?.Invoke(lastSeen));
        if (_sealed.LastOrDefault() is { } before) StageAhead(_active, before.EndOffset + 1);
        _sealed.Enqueue(_active);
        _active = null;
        if (_committing.IsCompleted) _committing = CommitSealedAsync();
    }

    /// <summary>
    /// Commits the waiting rows and saves the map. What is not done when the token fires is given up, and the next owner reads it again.
    /// </summary>
    public async Task CloseAsync(long lastSeen, CancellationToken cancellationToken)
    {
        Seal(lastSeen);
        using var abort = cancellationToken.Register(_stop.Cancel);
        await _committing;
        await chain.DiscardClaimAsync();
        if (_unsavedRows > 0) await SaveAsync(lastSeen);
    }

    public void Dispose()
    {
        // Everything it holds is left to the garbage collector: a grain may be disposed while it is still closing, and rows that were
        // returned would count as committed.
        _stop.Cancel();
    }

    private async Task CommitSealedAsync()
    {
        while (_sealed.TryPeek(out var rows))
        {
            var end = await CommitAsync(rows);
            _sealed.Dequeue();
            if (_ahead.Remove(rows, out var unused)) await DiscardAsync(unused);
            await Task.WhenAny(rows.Encoding);
            rows.Dispose();
            Progressed?.Invoke();

            // Also once a day where few rows come in: only what is below the older of two saves may be removed after compaction.
            _savedDay ??= _end.Tail.Day;
            if (_unsavedRows >= Math.Max(RowsPerSave, map.Count) || _end.Tail.Day > _savedDay) await SaveAsync(end);
        }
    }

    /// <returns>The offset up to which the map's durable numbers are complete.</returns>
    private async Task<long> CommitAsync(RowBuffer rows)
    {
        var failures = 0;
        while (_end.Left(rows) is var (start, from, day))
        {
            try
            {
                await CommitFromAsync(start, rows, from, day);
                failures = 0;
                Failure = null;
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                var wait = LakeSinkOptions.Retries.After(++failures);
                Failure = e.Message;
                metrics.Retried(Table);
                LogCommitFailed(e, Table, chain.Chain, start, failures, wait);
                await Task.Delay(wait, time, _stop.Token);
            }
        }

        for (var i = 0; i < rows.Identities; i++)
        {
            var (account, sequence) = rows.Identity(i);
            map.MarkDurable(account, sequence);
        }

        _unsavedRows += rows.Count;
        return rows.EndOffset;
    }

    private async Task CommitFromAsync(long start, RowBuffer rows, int from, DateOnly day)
    {
        var started = time.GetTimestamp();
        if (Confirm is { } confirm) await confirm(_stop.Token);
        _ahead.Remove(rows, out var ahead);
        var commit = await Task.Run(() => StageAndCommitAsync(start, rows, from, day, ahead), _stop.Token);
        _stop.Token.ThrowIfCancellationRequested();
        _end.Tail = commit.Tail;
        if (commit.Tail.Day is { } committed) Committed?.Invoke(committed);
        if (!commit.Won)
        {
            metrics.Fenced(Table);
            LogFenced(Table, chain.Chain, start, commit.Tail.NextStart - 1);
            return;
        }

        metrics.Committed(Table, rows.Count - from, commit.Bytes, time.GetElapsedTime(started));
        LogCommitted(Table, chain.Chain, start, rows.EndOffset, rows.Count - from, commit.Bytes);
        try
        {
            await Task.Run(() => chain.ForgetClaimsBelowAsync(start, _stop.Token), _stop.Token);
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            LogClaimsKept(e, Table, chain.Chain);
        }
    }

    private async Task<ChainCommit> StageAndCommitAsync(long start, RowBuffer rows, int from, DateOnly day, Task<StagedFile>? ahead)
    {
        if (ahead is not null)
        {
            var staged = await ahead;
            if ((staged.Footer.Start, staged.From, staged.Day) == (start, from, day)) return await chain.CommitAsync(staged, _stop.Token);
            await chain.DiscardAsync(staged);
        }

        return await chain.CommitAsync(start, rows, from, day, _stop.Token);
    }

    private RowBuffer Begin(DateOnly day, DateTimeOffset now)
    {
        chain.StageClaimAhead(day, _stop.Token);
        return new RowBuffer(chain.Table, day, now);
    }

    private async Task EncodeGroupAsync(RowBuffer rows)
    {
        // A failure here also fails the commit of these rows, which waits for the encoding too.
        await Task.WhenAny(rows.EncodeGroupAsync(chain.Encoder));
        Progressed?.Invoke();
    }

    private void StageAhead(RowBuffer rows, long start) =>
        _ahead[rows] = Task.Run(() => chain.StageAsync(start, rows, 0, rows.Day, _stop.Token), _stop.Token);

    // The staging must be over before its rows are released.
    private async Task DiscardAsync(Task<StagedFile> unused)
    {
        try
        {
            await chain.DiscardAsync(await unused);
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            LogNotStagedAhead(e, Table, chain.Chain);
        }
    }

    private async Task SaveAsync(long end)
    {
        if (_end.Tail.Day is not { } day) return;

        // The save is made here, in the grain's turn, as the map changes with every row.
        var save = SequenceSave.Encode(map, Math.Min(end, _end.Tail.NextStart - 1), day);
        try
        {
            await Task.Run(() => sequences.SaveAsync(Math.Min(end, _end.Tail.NextStart - 1), save, _stop.Token), _stop.Token);
            (_unsavedRows, _savedDay) = (0, day);
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            LogSaveFailed(e, Table, chain.Chain);
        }
    }
}

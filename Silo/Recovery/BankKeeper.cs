using System.Globalization;
using Banking.Accounts;
using Banking.Recovery;
using Banking.Streaming.Log;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Recovery;

/// <summary>
/// How long after marks were taken they are noted in storage. A database that fails over to an asynchronous replica loses its last moments
/// while the silo runs: marks from these moments would make the next check begin after what was lost.
/// </summary>
internal sealed record MarkLag(TimeSpan Time);

/// <summary>
/// Runs the check where the bank's grain is until it comes to an end, and then renews the marks while all is well. Each silo has one, but
/// only one in a cluster is at work.
/// </summary>
internal sealed partial class BankKeeper(
    BankCheck check,
    AccountStore store,
    IOptions<AccountOptions> accounts,
    MarkLag lag,
    TimeProvider clock,
    ILogger<BankKeeper> logger) : IDisposable
{
    /// <summary>How long, at a start, the log may take to open, or may keep failing, before accounts act without the check.</summary>
    private static readonly TimeSpan LogTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MarkPeriod = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the log's end is noted: an account's last event stays in its record for longer than that, so whatever a log loses is
    /// either noted here or published again.
    /// </summary>
    private readonly TimeSpan _endPeriod =
        TimeSpan.FromMilliseconds(Math.Min(1_000, accounts.Value.ClearPublishedAfter.TotalMilliseconds / 2));

    /// <summary>The time between two checks while storage and log don't belong together: the newer log may be put back.</summary>
    private static readonly TimeSpan RefusedPeriod = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<(long At, LogMark[] Marks)> _taken = [];
    private readonly Lock _lock = new();
    private volatile BankStatus _status = new(BankStage.Checking, null, null, 0);
    private Task? _running;
    private (string? Sentence, long SetAside, long Nameless) _findings;
    private string? _otherLake;
    private volatile bool _again;
    private volatile TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Only until storage has been compared once: after that it is known to need the comparison.
    private volatile bool _mayBeUnchecked = true;

    public BankStatus Status => _status;

    private string? Said =>
        _findings.Sentence is { } findings && _otherLake is { } lake ? $"{findings} {lake}" : _findings.Sentence ?? _otherLake;

    public void Start()
    {
        lock (_lock)
        {
            if (_running is not null) return;
            using (ExecutionContext.SuppressFlow()) _running = Task.Run(() => RunAsync(_stopping.Token));
        }
    }

    /// <summary>Checks again, and lets nobody act until that is done.</summary>
    public void CheckAgain(string reason)
    {
        lock (_lock)
        {
            (_again, _mayBeUnchecked) = (true, false);
            Say(BankStage.Checking, reason);
        }

        _asked.TrySetResult();
        Start();
    }

    /// <summary>Notes in storage how far the log reaches. Does nothing if that can't be done now.</summary>
    public Task NoteEndsAsync(CancellationToken cancellationToken) => NoteAsync(check.NoteEndsAsync, cancellationToken);

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _again = false;
            await CheckUntilDoneAsync(cancellationToken);
            var marked = clock.GetTimestamp();
            while (!_again)
            {
                var isRefused = _status.Stage == BankStage.Refused;
                await Task.WhenAny(_asked.Task, Task.Delay(isRefused ? RefusedPeriod : _endPeriod, clock, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                if (isRefused) break;
                if (_status.Stage != BankStage.Checked || _again) continue;
                await NoteEndsAsync(cancellationToken);
                if (clock.GetElapsedTime(marked) < MarkPeriod) continue;
                marked = clock.GetTimestamp();
                await NoteAsync(RenewMarksAsync, cancellationToken);
                await NoteAsync(LookAtLakeAsync, cancellationToken);
            }
        }
    }

    private async Task CheckUntilDoneAsync(CancellationToken cancellationToken)
    {
        var totals = new IntakeTotals();
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                using var saying = clock.CreateTimer(_ => SayProgress(totals, began), null, Pause, Pause);
                await ConcludeAsync(await CheckAsync(totals, cancellationToken), totals, began, cancellationToken);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                var mayAct = _mayBeUnchecked && !totals.HasChanged && clock.GetElapsedTime(began) >= LogTimeout;
                if (mayAct && WhyUnchecked(e) is { } sentence) Say(BankStage.Unchecked, sentence);
                else if (_status.Stage != BankStage.Refused)
                {
                    var stage = totals.HasChanged ? BankStage.RollingForward : BankStage.Checking;
                    Say(stage, $"The database can't be checked against the log; it is tried again: {e.Message}");
                }

                LogFailed(e.Message);
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    // A log that does not even open is unavailable: everybody has waited long enough.
    private async Task<CheckOutcome> CheckAsync(IntakeTotals totals, CancellationToken cancellationToken)
    {
        var checking = check.RunAsync(totals, cancellationToken);
        if (_status.Stage != BankStage.Checking || !_mayBeUnchecked) return await checking;
        await Task.WhenAny(checking, Task.Delay(LogTimeout, clock, cancellationToken));
        if (!checking.IsCompleted && totals.Read == 0 && _mayBeUnchecked)
        {
            Say(
                BankStage.Unchecked,
                "The log, or the lake, does not answer, so the database could not be compared with it yet: players are answered, and "
                    + "nothing is published.");
        }

        return await checking;
    }

    private async Task ConcludeAsync(CheckOutcome outcome, IntakeTotals totals, long began, CancellationToken cancellationToken)
    {
        if (outcome.Refusal is { } refusal)
        {
            if (_status.Sentence != refusal) LogRefused(refusal);
            Conclude(
                _status with { Bank = outcome.Bank, Stage = BankStage.Refused, Sentence = refusal, UnsignedUntil = outcome.UnsignedUntil });
            return;
        }

        if (totals.HasChanged) LogRolledForward(totals.Taken, totals.Written, totals.SetAside, clock.GetElapsedTime(began));
        _taken.Clear();
        await check.WriteMarksAsync(await check.TakeMarksAsync(cancellationToken));
        _otherLake = await check.CompareLakeAsync(cancellationToken);
        _findings = await FindingsAsync(cancellationToken);
        if (Said is { } sentence) LogFindings(sentence);
        var epoch = totals.HasChanged ? clock.GetUtcNow().ToUnixTimeMilliseconds() : _status.Epoch;
        Conclude(new BankStatus(
            BankStage.Checked, outcome.Bank, Said, epoch, _findings.SetAside, _findings.Nameless, outcome.UnsignedUntil));
    }

    // If a check was requested again meanwhile, only what it did to storage counts.
    private void Conclude(BankStatus status)
    {
        lock (_lock)
        {
            _mayBeUnchecked = false;
            _status = _again ? status with { Stage = BankStage.Checking, Sentence = _status.Sentence } : status;
        }
    }

    private async Task<(string? Sentence, long SetAside, long Nameless)> FindingsAsync(CancellationToken cancellationToken)
    {
        const int most = 1_000;
        var findings = await store.FindingsAsync(null, most, cancellationToken);
        if (findings.Count == 0) return (null, 0, 0);
        var aside = findings.Where(finding => finding.Finding.IsSetAside).ToList();
        var nameless = findings.Count - aside.Count;
        var sentences = new List<string>();
        if (aside is [var first, ..])
            sentences.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{aside.Count} accounts are set aside until they are repaired; the first is {first.Account}: {first.Finding.Reason}"));
        if (nameless > 0)
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"The holders' names of {nameless} accounts are not known."));
        }
        return (string.Join(' ', sentences), aside.Count, nameless);
    }

    private void SayProgress(IntakeTotals totals, long began)
    {
        if (totals.Taken == 0 || _status.Stage is BankStage.Unchecked or BankStage.Checked) return;
        Say(BankStage.RollingForward, string.Create(
            CultureInfo.InvariantCulture,
            $"The database is older than the log: accounts take in their own events, {totals.Taken} so far in "
                + $"{clock.GetElapsedTime(began).TotalSeconds:0} s. Try again later."));
    }

    private async Task RenewMarksAsync(CancellationToken cancellationToken)
    {
        _taken.Enqueue((clock.GetTimestamp(), await check.TakeMarksAsync(cancellationToken)));
        LogMark[]? due = null;
        while (_taken.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) >= lag.Time) due = _taken.Dequeue().Marks;
        if (due is not null && !_again) await check.WriteMarksAsync(due);
    }

    // A repair may have accepted the lake as the bank's, or the lake may have got its identity from its first sink.
    private async Task LookAtLakeAsync(CancellationToken cancellationToken)
    {
        _otherLake = await check.CompareLakeAsync(cancellationToken);
        lock (_lock)
        {
            if (_status.Stage == BankStage.Checked && !_again && _status.Sentence != Said) _status = _status with { Sentence = Said };
        }
    }

    private async Task NoteAsync(Func<CancellationToken, Task> noting, CancellationToken cancellationToken)
    {
        try
        {
            await noting(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Log and storage report themselves what is wrong with them; the next check only takes longer.
            LogNotMarked(e.Message);
        }
    }

    private void Say(BankStage stage, string sentence) => _status = _status with { Stage = stage, Sentence = sentence };

    /// <returns>What is said while players are answered nevertheless; null if they are not.</returns>
    private static string? WhyUnchecked(Exception e) => e switch
    {
        LakeUnreadException => e.Message,
        LogException or TimeoutException or OffsetOutOfRangeException =>
            "The log can't be reached, so the database could not be compared with it: players are answered, and nothing is published.",
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database can't be checked against the log; it is tried again: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody may act: {Refusal}")]
    private partial void LogRefused(string refusal);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "The database was older than the log: it took in {Events} events of its accounts, in {Records} writes of records; {SetAside} "
                + "accounts were set aside. It took {Time}.")]
    private partial void LogRolledForward(long events, long records, long setAside, TimeSpan time);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Findings}")]
    private partial void LogFindings(string findings);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The log's newest records could not be noted: {Reason}")]
    private partial void LogNotMarked(string reason);
}

using System.Security.Cryptography;
using Banking.Accounts;
using Banking.Lake;
using Banking.Lake.History;
using Banking.Lake.Store;
using Banking.Recovery;
using Banking.Streaming.Log;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Recovery;

/// <summary>The outcome of a check.</summary>
/// <param name="Record">What storage says about the bank.</param>
/// <param name="Refusal">Why storage and log don't belong together; null if they do.</param>
internal sealed record CheckOutcome(BankRecord Record, string? Refusal)
{
    public string Bank => Record.Bank;

    public DateTimeOffset UnsignedUntil => Record.UnsignedUntil;
}

/// <summary>
/// Compares storage with the log. An account's event is in the log only after the state that has it is durable in storage. So for every
/// event of this bank in the log, the account's number in storage is at least the event's. If it is not, storage is older than the log, and
/// the account takes in its own events: from the log, or from the lake if the log no longer reaches back that far. Whatever dies on the
/// way, the next check goes on from there. Thread-safe.
/// </summary>
internal sealed partial class BankCheck(
    AccountStore store,
    [FromKeyedServices(GameNames.Streams)] IPartitionedLog log,
    ILakeStore lake,
    ILakeIdentity identity,
    ILakeEvidence evidence,
    IOptions<AccountOptions> accounts,
    TimeProvider time,
    ILogger<BankCheck> logger)
{
    private const int IdLength = 12;
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>How long silos of an earlier build, which write no headers, may go on beside this one.</summary>
    private static readonly TimeSpan UpgradeTime = TimeSpan.FromDays(1);

    private readonly LogMarks _marks = new(log);

    /// <param name="totals">Counts what is found.</param>
    /// <exception cref="LogException">The log can't be read. Storage and lake throw their own exceptions.</exception>
    /// <exception cref="LakeUnreadException">Only the lake may know which bank this is, and it can't be read.</exception>
    public async Task<CheckOutcome> RunAsync(IntakeTotals totals, CancellationToken cancellationToken)
    {
        await log.OpenAsync(cancellationToken);
        var record = await store.ReadBankAsync();
        var bounds = new LogBounds[log.LatestPartitionCount];
        for (var p = 0; p < bounds.Length; p++) bounds[p] = await log.GetBoundsAsync(p, cancellationToken);
        var signed = await BanksInTailAsync(bounds, cancellationToken);
        var isLost = await store.IsEmptyAsync(cancellationToken);
        var isNew = !record.RecordExists;
        var hasLog = Array.Exists(bounds, p => p.Next > 0);
        if (isNew) await AdoptAsync(record, signed, isLost, hasLog, cancellationToken);
        var bank = record.State!.Bank;
        var marks = record.State.Marks;
        if (Stranger(record.State, signed) is { } other)
        {
            return new CheckOutcome(record.State, $"The database is of the bank {bank}, and the log has the events of the bank {other}: "
                + "one of the two is not meant for the other. "
                + "Nothing was changed. Set Banking:Storage, or the log's own settings, to those that belong together.");
        }

        var ranges = new List<(int Partition, long From, long End)>();
        for (var p = 0; p < bounds.Length; p++)
        {
            var begin = await _marks.CompareAsync(record.State, p, bounds[p], cancellationToken);
            if (begin.Refusal is not null) return new CheckOutcome(record.State, begin.Refusal);
            ranges.Add((p, begin.From, bounds[p].Next));
        }

        // A database that went back together with the log does not know what the log has lost.
        if (await AskLakeAsync(evidence.FindContradictionAsync, cancellationToken) is { } contradiction)
            return new CheckOutcome(record.State, contradiction);
        if (await FindUnfinishedLogsAsync(record.State, cancellationToken) is [var unfinished, ..])
            return new CheckOutcome(record.State, unfinished.Sentence);

        // Storage of an earlier build has no marks, and that alone means nothing bad.
        var isHole = (!isNew || isLost) && ranges.Exists(
            range => range.From > 0
                && !Array.Exists(marks, m => m.Log == log.LogId && m.Partition == range.Partition && m.Offset + 1 >= range.From));
        var closed = await FindClosedChainsAsync(record.State, isLost, hasLog, cancellationToken);
        if (isHole || closed.Except(record.State.ClosedChains).Any()) await RollForwardFromLakeAsync(marks, totals, cancellationToken);
        await RollForwardAsync(bank, ranges, totals, cancellationToken);
        await store.ChangeBankAsync(noted => closed.Except(noted.ClosedChains).Any() ? noted with { ClosedChains = closed } : noted);
        return new CheckOutcome(record.State, null);
    }

    // Covers what retention removed, or another log had, since storage was last known to have everything: for accounts that did nothing
    // later, only the lake has those events.
    private async Task RollForwardFromLakeAsync(LogMark[] marks, IntakeTotals totals, CancellationToken cancellationToken)
    {
        var since = marks.Length == 0
            ? DateOnly.MinValue
            : DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(marks.Min(mark => mark.Timestamp)).UtcDateTime).AddDays(-1);
        LogHole(since);
        await new LakePass(new LakeHistory(lake), store, accounts.Value).RunAsync(null, since, totals, cancellationToken);
    }

    private async Task RollForwardAsync(
        string bank, IReadOnlyList<(int Partition, long From, long End)> ranges, IntakeTotals totals, CancellationToken cancellationToken)
    {
        var events = new LogPass(log, store, accounts.Value, bank);
        await events.RunAsync(ranges, null, totals, cancellationToken);
        var lakeEvents = new LakePass(new LakeHistory(lake), store, accounts.Value);
        while (TakeGaps(totals) is { Count: > 0 } gaps)
        {
            var before = totals.Taken;
            var accountsBehind = gaps.Keys.ToHashSet(StringComparer.Ordinal);
            if (gaps.Values.Any(gap => gap.Found > 0))
            {
                LogReadingLake(gaps.Count);
                await lakeEvents.RunAsync(accountsBehind, DateOnly.MinValue, totals, cancellationToken);
                totals.Gaps.Clear();
            }

            // The lake may not have had everything, and the log goes on after it.
            await events.RunAsync(ranges, accountsBehind, totals, cancellationToken);
            if (totals.Taken > before) continue;
            foreach (var (account, gap) in TakeGaps(totals)) await SetAsideAsync(account, gap, totals, cancellationToken);
        }
    }

    private static Dictionary<string, (long Missing, long Found)> TakeGaps(IntakeTotals totals)
    {
        var gaps = new Dictionary<string, (long Missing, long Found)>(totals.Gaps, StringComparer.Ordinal);
        totals.Gaps.Clear();
        return gaps;
    }

    private async Task SetAsideAsync(
        string account, (long Missing, long Found) gap, IntakeTotals totals, CancellationToken cancellationToken)
    {
        // The account changed while it was looked at; if it is behind, the next round finds that out.
        if (gap.Found == 0) return;
        var reason = IntakeTotals.GapSentence(gap);
        var record = (await store.ReadAsync([account], cancellationToken))[0];
        record.State = (record.State ?? new AccountState()) with { SetAside = reason };
        await store.NoteAsync(account, reason, isSetAside: true);
        if ((await store.WriteAsync([(account, record)], cancellationToken)).Count > 0) totals.Gaps[account] = gap;
        totals.FoundSetAside();
        totals.Wrote(1);
    }

    private async Task<HashSet<string>> BanksInTailAsync(LogBounds[] bounds, CancellationToken cancellationToken)
    {
        var banks = new HashSet<string>(StringComparer.Ordinal);
        for (var p = 0; p < bounds.Length; p++)
        {
            foreach (var record in await _marks.ReadTailAsync(p, bounds[p], cancellationToken))
            {
                if (RecordedEvents.BankOf(record) is { } bank) banks.Add(bank);
            }
        }

        return banks;
    }

    // A database without the bank's record is new, of an earlier build, or was lost: the bank is then the one whose events the log has.
    private async Task AdoptAsync(
        GrainState<BankRecord> record, HashSet<string> signed, bool isLost, bool hasLog, CancellationToken cancellationToken)
    {
        var bank = signed.Count == 1 ? signed.First()
            : await BankOfLakeAsync(mayAct: !isLost || !hasLog, cancellationToken) ?? RandomNumberGenerator.GetString(IdLetters, IdLength);
        var hasHistory = !isLost || hasLog;
        record.State =
            new BankRecord { Bank = bank, UnsignedUntil = hasHistory ? time.GetUtcNow() + UpgradeTime : DateTimeOffset.UnixEpoch };
        await store.WriteBankAsync(record);
        LogAdopted(bank);
    }

    /// <param name="mayAct">Whether nothing indicates events that accounts would have to take in before they act.</param>
    private async Task<string?> BankOfLakeAsync(bool mayAct, CancellationToken cancellationToken)
    {
        try
        {
            return (await identity.ReadAsync(cancellationToken))?.BankId;
        }
        catch (IOException e) when (mayAct)
        {
            throw LakeUnreadException.For(e);
        }
    }

    /// <summary>The bank whose events the log has, if it is another bank and storage never fed this log.</summary>
    private string? Stranger(BankRecord record, HashSet<string> signed) =>
        signed.Count > 0 && !signed.Contains(record.Bank) && !record.Marks.Any(mark => mark.Log == log.LogId) ? signed.First() : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "This is the bank {Bank}.")]
    private partial void LogAdopted(string bank);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The log does not have all that came after what the database is known to have; "
            + "the lake's days since {Since} are read too.")]
    private partial void LogHole(DateOnly since);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accounts are behind events that the log no longer has; they are read from "
        + "the lake.")]
    private partial void LogReadingLake(int count);
}

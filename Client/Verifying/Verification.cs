using System.Globalization;
using Banking.Client.Terminals;

namespace Banking.Client.Verifying;

/// <summary>
/// Compares the lake with the bank's books while the bank goes on working. The order makes this sound: journals are read first, then the
/// ledgers, then the bank flushes. So each event that a ledger counts, and each action that a journal acknowledges, must be in the lake by
/// then.
/// </summary>
internal sealed class Verification(BankBooks books, IAuditedLake lake, IReadOnlyList<string> journals, VerifyProgress progress)
{
    private const int Shown = 10;

    /// <summary>How many steps its progress has.</summary>
    public int Steps => 4 + Wanted.Count;

    private IReadOnlyList<Check> Wanted => [.. Checks.OfBooks, .. journals.Count > 0 ? Checks.OfJournal : []];

    /// <exception cref="CommandFailedException">The bank or the lake can't be read.</exception>
    public async Task<Verdict> RunAsync(CancellationToken cancellationToken)
    {
        using var audit = new AuditDatabase();
        progress.Begin("reading the bank's books");
        foreach (var journal in journals) audit.LoadJournal(JournalFile.Read(journal), cancellationToken);
        await audit.LoadLedgersAsync(books.ReadLedgersAsync(cancellationToken), cancellationToken);
        progress.Begin("having the lake flushed");
        await books.FlushAsync(cancellationToken);

        progress.Begin("looking at the lake's files");
        var (files, unreadable) = await lake.CheckFilesAsync(cancellationToken);
        if (unreadable.Count > 0)
        {
            var finding = new Finding("every file of a table is a whole Parquet file", unreadable.Count, [.. unreadable.Take(Shown)]);
            return new Verdict($"{files} files; the other checks wait until all of them can be read", [finding]);
        }

        progress.Begin("reading the lake's events");
        await audit.LoadEventsAsync(lake, cancellationToken);
        List<Finding> findings = [];
        foreach (var check in Wanted)
        {
            progress.Begin($"checking that {check.Name}");
            cancellationToken.ThrowIfCancellationRequested();
            if (audit.Run(check, Shown) is { } finding) findings.Add(finding);
        }

        if (await FindStrangersAsync(audit, cancellationToken) is { } strangers) findings.Add(strangers);
        return new Verdict(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{audit.Count("ledgers"):N0} accounts, {audit.Count("events"):N0} events, {files:N0} files, {audit.Count("journal"):N0} "
                    + $"journaled actions"),
            findings);
    }

    /// <summary>
    /// An account may have been opened since the ledgers were read, so the bank is asked again before it is called unknown.
    /// </summary>
    private async Task<Finding?> FindStrangersAsync(AuditDatabase audit, CancellationToken cancellationToken)
    {
        var strangers = audit.Strangers();
        if (strangers.Count == 0) return null;
        var unknown = new HashSet<string>(strangers, StringComparer.Ordinal);
        await foreach (var ledger in books.ReadLedgersAsync(cancellationToken)) unknown.Remove(ledger.AccountId);
        return unknown.Count == 0
            ? null
            : new Finding(
                "every account in the lake is one of the bank's", unknown.Count, [.. unknown.Order(StringComparer.Ordinal).Take(Shown)]);
    }
}

using System.Globalization;
using Banking.Client.Verifying;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>
/// Everything that must always hold, checked by DuckDB over the Parquet files, the accounts' ledgers and the players' journal of a bank at
/// rest.
/// </summary>
internal static class Audit
{
    private const int Shown = 5;

    /// <returns>What does not hold; empty if all is well.</returns>
    public static async Task<IReadOnlyList<string>> Run(
        BankCluster bank, IEnumerable<JournalLine> journal, CancellationToken cancellationToken)
    {
        await bank.Flush(cancellationToken);
        using var audit = new AuditDatabase();
        audit.LoadJournal(journal, cancellationToken);
        var ledgers = new List<LedgerLine>();
        await foreach (var ledger in bank.ReadLedgers(cancellationToken)) ledgers.Add(ledger);
        await audit.LoadLedgersAsync(ledgers.ToAsyncEnumerable(), cancellationToken);

        var files = await bank.ReadLake();
        using var folder = new FolderLake(files);
        var (_, broken) = await folder.CheckFilesAsync(cancellationToken);
        List<string> found = [.. broken];
        await audit.LoadEventsAsync(folder, cancellationToken);
        found.AddRange(audit.Strangers().Select(account => $"{account} has events and is no account"));
        foreach (var check in Checks.OfBooks.Concat(Checks.OfJournal))
        {
            if (audit.Run(check, Shown) is { } finding)
                found.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"not so: {finding.Broken} ({finding.Count}): {string.Join("; ", finding.Examples)}"));
        }

        using var lake = new LakeReader(files);
        var (events, expected) = (lake.CountAccountEvents(), ledgers.Sum(ledger => ledger.SequenceNumber));
        if (events != expected) found.Add($"the accounts had {expected} events, the lake has {events}");
        if (expected == 0) found.Add("nobody played");
        found.AddRange(lake.FindBrokenChains());
        return found;
    }
}

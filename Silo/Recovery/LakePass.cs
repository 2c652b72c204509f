using System.Text;
using Banking.Accounts;
using Banking.Lake.History;
using Banking.Streaming.Log;

namespace Banking.Silo.Recovery;

/// <summary>One reading of the lake, day by day, for accounts whose events the log no longer has.</summary>
internal sealed class LakePass(LakeHistory lake, AccountStore store, AccountOptions options)
{
    /// <summary>The most rows in memory, some 500 bytes each: if a day has more, its accounts are processed in several groups.</summary>
    private const long RowsAtOnce = 500_000;

    /// <param name="only">Accounts to look at; null for all.</param>
    /// <param name="since">The first day to read.</param>
    public async Task RunAsync(IReadOnlySet<string>? only, DateOnly since, IntakeTotals totals, CancellationToken cancellationToken)
    {
        foreach (var day in (await lake.ListDaysAsync(cancellationToken)).Where(day => day >= since))
        {
            var files = await lake.ListFilesAsync(day, cancellationToken);
            var rows = 0L;
            foreach (var file in files) rows += await lake.CountRowsAsync(file, cancellationToken);
            var groups = (int)(1 + (rows / RowsAtOnce));
            for (var group = 0; group < groups; group++) await RunAsync(files, group, groups, only, totals, cancellationToken);
        }
    }

    private async Task RunAsync(
        IReadOnlyList<string> files, int group, int groups, IReadOnlySet<string>? only, IntakeTotals totals,
        CancellationToken cancellationToken)
    {
        bool IsWanted(string account) => only?.Contains(account) != false && (
            groups == 1 || Murmur2.Partition(Encoding.UTF8.GetBytes(account), groups) == group);
        var rows = new List<LakeRow>();
        foreach (var file in files) rows.AddRange(await lake.ReadAsync(file, IsWanted, cancellationToken));

        // Each table has only some of an account's events; their numbers tell the order.
        rows.Sort(
            static (a, b) => string.CompareOrdinal(a.Account, b.Account) is var order and not 0 ? order : a.Number.CompareTo(b.Number));
        var intake = new AccountIntake(store, totals, options, only, LogPass.MemoryBudget);
        foreach (var page in rows.Chunk(4_096))
        {
            var events = new List<FoundEvent>(page.Length);
            foreach (var row in page)
            {
                if (RecordedEvents.TryRead(row.Json.Span, out var happened) && happened!.AccountId == row.Account)
                {
                    events.Add(new FoundEvent(happened, null));
                }
            }

            await intake.TakeAsync(events, cancellationToken);
        }

        await intake.FlushAsync(cancellationToken);
    }
}

/// <summary>
/// Only the lake may know which bank this is, and it can't be read; the message is a sentence for the person who runs it.
/// </summary>
internal sealed class LakeUnreadException(string message, Exception inner) : Exception(message, inner)
{
    private const string Sentence =
        "It is not known yet which bank this is, as the lake can't be read: players are answered, and nothing is published.";

    public static LakeUnreadException For(IOException e) => new($"{Sentence} {e.Message}", e);
}

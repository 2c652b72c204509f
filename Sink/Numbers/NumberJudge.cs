using System.Text;
using Banking.Lake.Columns;
using Banking.Lake.Events;
using Banking.Lake.Sequences;
using Banking.Lake.Tables;
using Banking.Sink.Writers;

namespace Banking.Sink.Numbers;

internal enum NumberVerdict
{
    /// <summary>The lake does not have the event.</summary>
    New,

    /// <summary>The table has this same event already: the log holds it twice.</summary>
    Double,

    /// <summary>The lake has another event of this account under the same number.</summary>
    Fork,

    /// <summary>Only the files can tell; see <see cref="NumberJudge.LookUpAsync"/>.</summary>
    Unsure,
}

/// <summary>
/// Judges an event whose account may have its number already. A number above all of the account's numbers is new. Any other one is compared
/// with the row that has it, in memory or in the files, and is a duplicate only if that row says the same. Not thread-safe.
/// </summary>
internal sealed class NumberJudge(IReadOnlyList<TableWriter> writers, NumberLookup files)
{
    private const int MostRemembered = 10_000;

    // What the files said. If they lack a number of an account, all of its numbers from there on are remembered.
    private readonly Dictionary<(int Table, string Account, long Number), ulong> _found = [];
    private readonly Dictionary<(int Table, string Account), Dictionary<long, ulong>> _whole = [];
    private readonly Dictionary<(int Table, string Account), long> _wholeFrom = [];

    /// <param name="row">The event, which must have an identity.</param>
    /// <param name="table">The table that the event belongs to.</param>
    /// <param name="missing">How many numbers before it are missing.</param>
    public NumberVerdict Judge(ParsedEvent row, int table, out long missing)
    {
        var account = row.Text(EventField.AccountId);
        var number = row.Number(EventField.SequenceNumber);
        var hash = Utf8Dictionary.Hash(account);
        var newest = 0L;
        for (var i = 0; i < writers.Count; i++) newest = Math.Max(newest, writers[i].LastNumber(account, hash));
        missing = 0;
        if (number <= newest) return Compare(row, table, account, number, null);
        var expected = Math.Max(newest, row.FirstNumber - 1) + 1;
        if (row.FirstNumber > 0 && number > expected) missing = number - expected;
        return NumberVerdict.New;
    }

    /// <summary>Adds the questions that <see cref="LookUpAsync"/> has to answer next before an event can be judged.</summary>
    public void AddQuestions(ParsedEvent row, int table, ISet<NumberQuestion> questions) =>
        Compare(row, table, row.Text(EventField.AccountId), row.Number(EventField.SequenceNumber), questions);

    /// <summary>Looks into the files; afterwards none of the questions is <see cref="NumberVerdict.Unsure"/>.</summary>
    public async Task LookUpAsync(IReadOnlyCollection<NumberQuestion> questions, CancellationToken cancellationToken)
    {
        foreach (var table in questions.GroupBy(question => question.Table))
        {
            // Done before the files are read: rows that leave memory meanwhile may go into a file that the reading misses.
            var waiting = table.Select(question => question.Account).Distinct()
                .ToDictionary(account => account, writers[table.Key].ContentsOf);
            var answer = await Task.Run(
                () => files.FindAsync(writers[table.Key].LakeTable, [.. table], cancellationToken), cancellationToken);
            foreach (var (question, content) in answer.Found) _found[(question.Table, question.Account, question.Number)] = content;
            foreach (var (question, numbers) in answer.Lacking)
            {
                foreach (var (number, content) in waiting[question.Account]) numbers[number] = content;
                _whole[(question.Table, question.Account)] = numbers;
                _wholeFrom[(question.Table, question.Account)] = question.Number;
            }
        }
    }

    /// <summary>Notes that an event was taken in.</summary>
    public void Taken(ParsedEvent row, int table)
    {
        if (_whole.Count == 0) return;
        if (_whole.TryGetValue((table, Encoding.UTF8.GetString(row.Text(EventField.AccountId))), out var numbers))
            numbers[row.Number(EventField.SequenceNumber)] = EventContent.HashOf(row);
    }

    /// <summary>Called between two batches: releases what is not worth its memory.</summary>
    public void Forget()
    {
        _found.Clear();
        if (_whole.Sum(account => account.Value.Count + 1) <= MostRemembered) return;
        _whole.Clear();
        _wholeFrom.Clear();
    }

    private NumberVerdict Compare(ParsedEvent row, int table, ReadOnlySpan<byte> account, long number, ISet<NumberQuestion>? questions)
    {
        var content = EventContent.HashOf(row);
        var hash = Utf8Dictionary.Hash(account);
        var name = (string?)null;
        for (var i = 0; i < writers.Count; i++)
        {
            // Its own table comes first. Another table's rows after this record say nothing about it, as after a start that table may be
            // further on.
            var at = i == 0 ? table : i <= table ? i - 1 : i;
            if (number > writers[at].LastNumber(account, hash)) continue;
            if (at != table && row.Number(EventField.Offset) < writers[at].OpenedAt) continue;
            var known = writers[at].FindContent(account, number);
            if (known is null && !TryRecall(at, name ??= Encoding.UTF8.GetString(account), number, out known))
            {
                // One table at a time: a duplicate is found in the newest files of its own table, and another table would be read back to
                // its first day for nothing.
                questions?.Add(new NumberQuestion(at, name, number));
                return NumberVerdict.Unsure;
            }

            if (known is { } there) return at == table && there == content ? NumberVerdict.Double : NumberVerdict.Fork;
        }

        return NumberVerdict.New;
    }

    private bool TryRecall(int table, string account, long number, out ulong? content)
    {
        content = null;
        if (_found.TryGetValue((table, account, number), out var found))
        {
            content = found;
            return true;
        }

        if (!_wholeFrom.TryGetValue((table, account), out var from) || number < from) return false;
        if (_whole[(table, account)].TryGetValue(number, out var there)) content = there;
        return true;
    }
}

using System.Text;
using Banking.Lake.Days;
using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Parquet;

namespace Banking.Lake.Sequences;

/// <summary>
/// Finds events by account and number in a table's files, newest day first: both the sink's own and compacted files, of every chain. It is
/// seldom used, as only duplicates, late events and forks need it. It then reads two columns of each file until everything is found, which
/// takes a few seconds per 10 million rows. Thread-safe.
/// </summary>
internal sealed class NumberLookup(ILakeStore store)
{
    /// <param name="Found">The content of an event's row, by the question that it answers.</param>
    /// <param name="Lacking">Questions without a row, each with all of the account's numbers in the table, from the one asked for
    /// on.</param>
    internal sealed record Answer(Dictionary<NumberQuestion, ulong> Found, Dictionary<NumberQuestion, Dictionary<long, ulong>> Lacking);

    public async Task<Answer> FindAsync(LakeTable table, IReadOnlyList<NumberQuestion> questions, CancellationToken cancellationToken)
    {
        var search = new Search(questions);
        foreach (var day in (await ListDaysAsync(table, cancellationToken)).OrderDescending())
        {
            if (search.IsDone) break;
            await ReadDayAsync(table, day, search, cancellationToken);
        }

        return search.ToAnswer();
    }

    private async Task ReadDayAsync(LakeTable table, DateOnly day, Search search, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // A row that is in both folders is read twice, which does no harm. The sink's own folder comes first: what is removed from
                // it is in the other one by then.
                await ReadFolderAsync(LakePath.DayFolder(table, day), file => file.Chain is not null, search, cancellationToken);
                if (await new ManifestBook(store).NewestAsync(table, day, cancellationToken) is { } manifest)
                    await ReadFolderAsync(manifest.Folder, _ => true, search, cancellationToken);
                return;
            }
            catch (FileNotFoundException)
            {
                // The folder was cleaned up while it was read: the next manifest, or the other folder, has its rows.
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task ReadFolderAsync(string folder, Predicate<DayFile> isRead, Search search, CancellationToken cancellationToken)
    {
        foreach (var file in Enumerable.Reverse(await DayListing.ReadAsync(store, folder, cancellationToken)))
        {
            if (search.IsDone) return;
            if (!isRead(file)) continue;
            await using var stream = await store.OpenReadAsync($"{folder}/{file.Name}", cancellationToken);
            await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
            for (
                var group = reader.RowGroupCount - 1; group >= 0
                    && !search.IsDone; group--) await ReadGroupAsync(reader, group, search, cancellationToken);
        }
    }

    private static async Task ReadGroupAsync(ParquetReader reader, int number, Search search, CancellationToken cancellationToken)
    {
        using var group = reader.OpenRowGroupReader(number);
        var sequences = new long?[group.RowCount];
        var accounts = new string?[group.RowCount];
        await group.ReadAsync<long>(reader.Schema.FindDataField("sequence_number"), sequences.AsMemory(), null, cancellationToken);
        await group.ReadAsync(reader.Schema.FindDataField("account_id"), accounts.AsMemory()!, null, cancellationToken);
        var rows = new List<int>();
        for (var row = 0; row < accounts.Length; row++)
        {
            if (accounts[row] is { } account && sequences[row] is { } sequence && search.Wants(account, sequence)) rows.Add(row);
        }

        if (rows.Count == 0) return;
        var raw = new string?[group.RowCount];
        await group.ReadAsync(reader.Schema.FindDataField("raw_event"), raw.AsMemory()!, null, cancellationToken);
        var parser = new EventParser();
        foreach (var row in rows)
        {
            var record = new LakeRecord(0, 0, Encoding.UTF8.GetBytes(raw[row] ?? ""));
            if (!parser.TryParse(record, 0))
            {
                throw new InvalidDataException($"The raw_event of event {sequences[row]} of {accounts[row]} is not JSON.");
            }
            search.Add(accounts[row]!, sequences[row]!.Value, EventContent.HashOf(parser.Event));
        }
    }

    private async Task<HashSet<DateOnly>> ListDaysAsync(LakeTable table, CancellationToken cancellationToken)
    {
        var days = new HashSet<DateOnly>(await new ManifestBook(store).ListDaysAsync(table, cancellationToken));
        await foreach (var entry in store.ListAsync(table.Name, cancellationToken))
        {
            if (entry.IsFolder && LakePath.TryParseDayFolder(entry.Name, out var day)) days.Add(day);
        }

        return days;
    }

    private sealed class Search
    {
        private readonly IReadOnlyList<NumberQuestion> _questions;
        private readonly Dictionary<string, long> _from = [];
        private readonly Dictionary<string, Dictionary<long, ulong>> _rows = [];
        private readonly HashSet<(string Account, long Number)> _open = [];

        public Search(IReadOnlyList<NumberQuestion> questions)
        {
            _questions = questions;
            foreach (var (_, account, number) in questions)
            {
                _from[account] = Math.Min(number, _from.GetValueOrDefault(account, long.MaxValue));
                _rows[account] = [];
                _open.Add((account, number));
            }
        }

        public bool IsDone => _open.Count == 0;

        public bool Wants(string account, long number) => _from.TryGetValue(account, out var from) && number >= from;

        public void Add(string account, long number, ulong content)
        {
            _rows[account][number] = content;
            _open.Remove((account, number));
        }

        public Answer ToAnswer()
        {
            var (found, lacking) = (new Dictionary<NumberQuestion, ulong>(), new Dictionary<NumberQuestion, Dictionary<long, ulong>>());
            foreach (var question in _questions)
            {
                if (_rows[question.Account].TryGetValue(question.Number, out var content)) found[question] = content;
                else lacking[question with { Number = _from[question.Account] }] = _rows[question.Account];
            }

            return new Answer(found, lacking);
        }
    }
}

/// <summary>Asks what the table has under this number of this account.</summary>
internal readonly record struct NumberQuestion(int Table, string Account, long Number);

using System.Text;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Parquet;

namespace Banking.Lake.History;

/// <summary>One row of an account's event in the lake.</summary>
/// <param name="Json">The record's value as the log had it.</param>
public readonly record struct LakeRow(string Account, long Number, ReadOnlyMemory<byte> Json);

/// <summary>
/// Reads accounts' events back from the lake, for a bank that has lost them. It goes day by day, through the sink's own files and those of
/// compacted days, whichever exist. A row that both have comes twice. Thread-safe.
/// </summary>
public sealed class LakeHistory(ILakeStore store)
{
    private static readonly LakeTable[] Tables = [LakeTables.AccountStatus, LakeTables.CashTransactions, LakeTables.AssetTransactions];

    private readonly ManifestBook _manifests = new(store);

    /// <summary>The days that have files, oldest first.</summary>
    /// <exception cref="IOException">The lake can't be read.</exception>
    public async Task<IReadOnlyList<DateOnly>> ListDaysAsync(CancellationToken cancellationToken)
    {
        var days = new SortedSet<DateOnly>();
        foreach (var table in Tables)
        {
            await foreach (var entry in store.ListAsync(table.Name, cancellationToken))
            {
                if (entry.IsFolder && LakePath.TryParseDayFolder(entry.Name, out var day)) days.Add(day);
            }

            days.UnionWith(await _manifests.ListDaysAsync(table, cancellationToken));
        }

        return [.. days];
    }

    /// <summary>The files of a day.</summary>
    /// <exception cref="IOException">The lake can't be read.</exception>
    public async Task<IReadOnlyList<string>> ListFilesAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        foreach (var table in Tables)
        {
            var own = LakePath.DayFolder(table, day);

            // A file there whose name is not one of the sink's is a foreign file.
            files.AddRange(
                (
                    await DayListing.ReadAsync(store, own, cancellationToken)).Where(file =>
                        file.Chain is not null).Select(file => $"{own}/{file.Name}"));
            if (await _manifests.NewestAsync(table, day, cancellationToken) is not { } manifest) continue;
            files.AddRange(
                (await DayListing.ReadAsync(store, manifest.Folder, cancellationToken)).Select(file => $"{manifest.Folder}/{file.Name}"));
        }

        return files;
    }

    /// <summary>How many rows a file has.</summary>
    public async Task<long> CountRowsAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(file, cancellationToken);
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
        var rows = 0L;
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            rows += group.RowCount;
        }

        return rows;
    }

    /// <summary>The rows of a file whose accounts are asked for.</summary>
    /// <param name="isWanted">Gets an account's id.</param>
    /// <exception cref="IOException">The lake can't be read.</exception>
    public async Task<IReadOnlyList<LakeRow>> ReadAsync(string file, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        var rows = new List<LakeRow>();
        await using var stream = await store.OpenReadAsync(file, cancellationToken);
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
        var accountField = reader.Schema.FindDataField("account_id");
        var numberField = reader.Schema.FindDataField("sequence_number");
        var eventField = reader.Schema.FindDataField("raw_event");
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var accounts = new string?[group.RowCount];
            var numbers = new long?[group.RowCount];
            await group.ReadAsync(accountField, accounts.AsMemory()!, null, cancellationToken);
            await group.ReadAsync<long>(numberField, numbers.AsMemory(), null, cancellationToken);
            if (!accounts.Any(account => account is not null && isWanted(account))) continue;
            var events = new string?[group.RowCount];
            await group.ReadAsync(eventField, events.AsMemory()!, null, cancellationToken);
            for (var row = 0; row < accounts.Length; row++)
            {
                if (accounts[row] is { } account && numbers[row] is { } number && events[row] is { } json && isWanted(account))
                    rows.Add(new LakeRow(account, number, Encoding.UTF8.GetBytes(json)));
            }
        }

        return rows;
    }
}

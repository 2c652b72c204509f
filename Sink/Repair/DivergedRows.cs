using Banking.Lake.Chains;
using Banking.Lake.Evidence;

namespace Banking.Sink.Repair;

/// <summary>What the lake has after the newest file that ends with a record that the log still has.</summary>
/// <param name="Agreed">That file's mark; null if there is no such file.</param>
/// <param name="Rows">The records that the rows of all tables come from.</param>
/// <param name="IsWhole">False if some of the files needed were removed after a compaction.</param>
internal sealed record DivergedRows(RecordMark? Agreed, IReadOnlyList<RecordMark> Rows, bool IsWhole)
{
    /// <param name="agrees">Tells whether the log has a record, or retention has removed it.</param>
    public static async Task<DivergedRows> ReadAsync(
        IReadOnlyList<TableChain> tables, Func<RecordMark, Task<bool>> agrees, CancellationToken cancellationToken)
    {
        RecordMark? agreed = null;
        var isWhole = true;
        var files = new List<(TableChain Table, ChainFile File)>();
        foreach (var table in tables)
        {
            var newestFirst = (
                await table.ListFilesAsync(DateOnly.MinValue, cancellationToken)).OrderByDescending(file => file.Start).ToList();
            var found = newestFirst.Count == 0 || newestFirst[^1].Start == table.First;
            foreach (var file in newestFirst)
            {
                files.Add((table, file));
                if (await table.ReadMarkAsync(file, cancellationToken) is not { } mark || !await agrees(mark)) continue;
                if (!(agreed?.Offset > mark.Offset)) agreed = mark;
                found = true;
                break;
            }

            isWhole &= found;
        }

        var rows = new List<RecordMark>();
        foreach (var (table, file) in files)
        {
            await using var stream = await table.OpenAsync(file, cancellationToken);
            rows.AddRange(await FileRows.ReadFromAsync(stream, agreed?.Offset + 1 ?? 0, cancellationToken));
        }

        return new DivergedRows(agreed, rows, isWhole);
    }
}

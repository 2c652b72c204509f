using System.Globalization;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Settings;
using Parquet;

namespace Banking.Sink.Compaction;

/// <summary>Writes the rows of many files into a few, in the same order, in a folder that nobody reads yet.</summary>
/// <param name="rowsDone">Called with the number of rows written since the last call.</param>
internal sealed class DayMerge(ILakeStore store, CompactionOptions options, TimeProvider time, Action<long> rowsDone)
{
    /// <param name="paths">The files to merge, in the order of the rows.</param>
    /// <param name="folder">The folder for the parts, which no other attempt uses.</param>
    /// <returns>The parts, and how far each chain is included according to the merged files.</returns>
    /// <exception cref="InvalidDataException">A file is not what it should be, or the parts don't have as many rows as the
    /// inputs.</exception>
    public async Task<(List<DayPart> Parts, Dictionary<string, long> Through)> RunAsync(
        LakeTable table, DateOnly day, IReadOnlyList<string> paths, string folder, CancellationToken cancellationToken)
    {
        var through = new Dictionary<string, long>(StringComparer.Ordinal);
        var expected = 0L;
        await using var source = new MergeSource(store, paths, options.RowGroupRows, Opened);
        var parts = new List<DayPart>();
        for (var next = await source.NextAsync(cancellationToken); next.Count > 0;)
        {
            var path = CompactionPath.Part(folder, parts.Count);
            var rows = 0L;
            var bytes = await store.StageAsync(
                path,
                async (stream, token) => (rows, next) = await WriteAsync(table, day, source, next, stream, token),
                cancellationToken);
            parts.Add(new DayPart(NameOf(path), rows, bytes));
        }

        await CheckAsync(folder, parts, expected, cancellationToken);
        return (parts, through);

        void Opened(MergeInput input)
        {
            for (var i = 0; i < input.Reader.RowGroupCount; i++) expected += input.RowsOf(i);
            if (!LakePath.TryParseFile(NameOf(input.Path), out var chain, out _)) return;
            var footer = input.Footer;
            if (footer.Table != table.Name || footer.Chain != chain)
            {
                throw new InvalidDataException($"{input.Path} says that it is a file of {footer.Table}, {footer.Chain}.");
            }
            through[chain.ToString()] = Math.Max(footer.End, through.GetValueOrDefault(chain.ToString(), -1));
        }
    }

    private async Task<(long Rows, List<MergeSlice> Next)> WriteAsync(
        LakeTable table, DateOnly day, MergeSource source, List<MergeSlice> next, Stream output, CancellationToken cancellationToken)
    {
        var schema = ParquetSchemas.Of(table);
        var counting = new CountingStream(output);
        var total = 0L;
        await using var writer = await ParquetWriter.CreateAsync(
            schema, counting, ParquetEncoder.Options(table), cancellationToken: cancellationToken);
        while (next.Count > 0 && counting.Position < options.TargetBytes)
        {
            var rows = next.Sum(slice => slice.Rows);
            await RowGroupMerge.CopyAsync(table, schema, next, 0, writer, cancellationToken);
            total += rows;
            rowsDone(rows);
            next = await source.NextAsync(cancellationToken);
        }

        writer.CustomMetadata = Metadata(table, day, total);
        return (total, next);
    }

    // Checks, before the parts become visible, that they can be read and hold what they should.
    private async Task CheckAsync(string folder, List<DayPart> parts, long expected, CancellationToken cancellationToken)
    {
        var found = 0L;
        foreach (var part in parts)
        {
            await using var stream = await store.OpenReadAsync($"{folder}/{part.Name}", cancellationToken);
            await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
            for (var i = 0; i < reader.RowGroupCount; i++)
            {
                using var group = reader.OpenRowGroupReader(i);
                found += group.RowCount;
            }
        }

        if (found != expected)
        {
            throw new InvalidDataException($"The parts in {folder} have {found} rows, and what they were made of has {expected}.");
        }
    }

    private Dictionary<string, string> Metadata(LakeTable table, DateOnly day, long rows) => new()
    {
        ["banking.table"] = table.Name,
        ["banking.day"] = LakePath.Day(day),
        ["banking.kind"] = "compaction",
        ["banking.rows"] = rows.ToString(CultureInfo.InvariantCulture),
        ["banking.created"] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
        ["banking.schema"] = LakeTables.SchemaVersion.ToString(CultureInfo.InvariantCulture),
    };

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}

/// <summary>Decides which row groups of the inputs make one of the output. Pure.</summary>
internal static class RowGroupRule
{
    /// <summary>
    /// Whether an output row group is full without the next input: it has enough rows, or would have far too many. Row groups of inputs are
    /// never split, so that each column is read only once.
    /// </summary>
    public static bool IsFull(long rows, long next, int target) => rows > 0 && (rows >= target || rows + next > (long)target * 5 / 2);
}

/// <summary>
/// Gives the row groups of the inputs in order, as many at a time as make one of the output. No input is open for longer than that takes.
/// Not thread-safe.
/// </summary>
internal sealed class MergeSource(
    ILakeStore store, IEnumerable<string> paths, int rowGroupRows, Action<MergeInput> opened) : IAsyncDisposable
{
    private readonly Queue<string> _paths = new(paths);
    private readonly Queue<MergeSlice> _waiting = new();
    private readonly List<MergeInput> _open = [];

    /// <summary>The slices of the next row group, or an empty list at the end. Earlier slices must not be read any more.</summary>
    public async Task<List<MergeSlice>> NextAsync(CancellationToken cancellationToken)
    {
        var slices = new List<MergeSlice>();
        await CloseReadAsync();
        for (
            long rows = 0; await PeekAsync(cancellationToken) is { } next
                && !RowGroupRule.IsFull(rows, next.Rows, rowGroupRows); rows += next.Rows)
        {
            slices.Add(_waiting.Dequeue());
        }

        return slices;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var input in _open) await input.DisposeAsync();
        _open.Clear();
    }

    private async Task<MergeSlice?> PeekAsync(CancellationToken cancellationToken)
    {
        while (_waiting.Count == 0 && _paths.TryDequeue(out var path))
        {
            var input = await MergeInput.OpenAsync(store, path, cancellationToken);
            _open.Add(input);
            opened(input);
            for (var i = 0; i < input.Reader.RowGroupCount; i++)
            {
                if (input.RowsOf(i) is > 0 and var rows) _waiting.Enqueue(new MergeSlice(input, i, rows));
            }
        }

        return _waiting.TryPeek(out var slice) ? slice : null;
    }

    private async Task CloseReadAsync()
    {
        var needed = _waiting.Select(slice => slice.Input).ToHashSet();
        foreach (var input in _open.Where(input => !needed.Contains(input))) await input.DisposeAsync();
        _open.RemoveAll(input => !needed.Contains(input));
    }
}

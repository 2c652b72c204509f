using System.IO.Compression;
using Banking.Lake.Columns;
using Banking.Lake.Tables;
using Microsoft.IO;
using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Files;

/// <summary>
/// Makes Parquet files from rows in memory, so that a slow store holds up no other file. Thread-safe. Only a few encodings run at a time
/// and the others wait, as each needs several times the bytes of its row group. One encoding keeps up with half a million rows a second.
/// </summary>
internal sealed class ParquetEncoder(int rowGroupRows) : IDisposable
{
    private const int MaxIdleBytes = 16 << 20;
    private readonly RecyclableMemoryStreamManager _memory = new(
        new RecyclableMemoryStreamManager.Options { MaximumSmallPoolFreeBytes = MaxIdleBytes });
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 4));

    /// <summary>How many rows make a row group.</summary>
    public int RowGroupRows => rowGroupRows;

    public FileDraft Begin(LakeTable table) => new(table, _memory.GetStream());

    /// <summary>Adds rows to a file as its next row group.</summary>
    public async Task AppendAsync(FileDraft draft, IReadOnlyList<ColumnBuffer> columns, int count)
    {
        await _slots.WaitAsync();
        try
        {
            await draft.AppendAsync(columns, 0, count);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <param name="rows">The rows, sealed.</param>
    /// <param name="from">The first row; rows before it are left out.</param>
    /// <returns>The file, to be disposed before the rows are.</returns>
    public async Task<EncodedFile> EncodeAsync(RowBuffer rows, int from, FileFooter footer, CancellationToken cancellationToken)
    {
        await rows.Encoding.WaitAsync(cancellationToken);
        await _slots.WaitAsync(cancellationToken);
        try
        {
            if (rows.Draft is not { } draft) return await MakeAsync(rows.Table, file => WriteAsync(rows, from, footer, file));
            if (draft.Footer is null) await draft.FinishAsync(footer);

            // Another owner's file covers some of the rows, or the chain's end has moved closer to them since the footer was written.
            return from == 0 && draft.Footer!.Start == footer.Start ? new EncodedFile(draft, isShared: true) : await MakeAsync(
                rows.Table, file => draft.CutAsync(from, footer, file));
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<EncodedFile> MakeAsync(LakeTable table, Func<FileDraft, Task> write)
    {
        var file = Begin(table);
        try
        {
            await write(file);
            return new EncodedFile(file, isShared: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private async Task WriteAsync(RowBuffer rows, int from, FileFooter footer, FileDraft file)
    {
        for (var start = from; start < rows.Count; start += rowGroupRows) await file.AppendAsync(
            rows.Columns, start, Math.Min(rowGroupRows, rows.Count - start));
        await file.FinishAsync(footer);
    }

    /// <summary>How all files of a table are written.</summary>
    internal static ParquetOptions Options(LakeTable table)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy, CompressionLevel = CompressionLevel.Fastest };
        foreach (var column in table.Columns.Where(column => column.Repetitive))
        {
            options.ColumnEncodingHints[column.Name] = EncodingHint.Dictionary;
        }
        return options;
    }
}

/// <summary>A finished file in memory.</summary>
/// <param name="isShared">Whether the rows keep the file, to be staged again later.</param>
internal sealed class EncodedFile(FileDraft file, bool isShared) : IDisposable
{
    /// <summary>Writes the file; can be called again.</summary>
    public Task WriteToAsync(Stream output, CancellationToken cancellationToken) => file.WriteToAsync(output, cancellationToken);

    public void Dispose()
    {
        if (!isShared) file.Dispose();
    }
}

/// <summary>The Parquet form of the tables' columns.</summary>
internal static class ParquetSchemas
{
    public static ParquetSchema Of(LakeTable table) => new(table.Columns.Select(Field).ToArray<Field>());

    private static DataField Field(LakeColumn column) => column.Type switch
    {
        LakeColumnType.Text => new DataField(column.Name, typeof(string), isNullable: true),
        LakeColumnType.Integer => new DataField(column.Name, typeof(int), isNullable: true),
        LakeColumnType.BigInteger => new DataField(column.Name, typeof(long), isNullable: true),

        // TIMESTAMP_MILLIS. With DateAndTimeMicros the library would write the column's statistics in milliseconds, and readers that trust
        // them would find nothing.
        LakeColumnType.Timestamp => new DateTimeDataField(column.Name, DateTimeFormat.DateAndTime, isNullable: true),
        _ => new DecimalDataField(column.Name, LakeColumn.DecimalPrecision, column.Scale, isNullable: true),
    };
}

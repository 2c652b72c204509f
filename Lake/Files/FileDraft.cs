using System.Buffers;
using Banking.Lake.Columns;
using Banking.Lake.Tables;
using Microsoft.IO;
using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Files;

/// <summary>
/// A Parquet file in memory that gets its row groups one by one, while its rows still come in, and its footer at the end. Encoded rows take
/// less than a quarter of the memory. Not thread-safe. It can't be used after a failure.
/// </summary>
internal sealed class FileDraft(LakeTable table, RecyclableMemoryStream file) : IDisposable
{
    // Not shared between files: the library attaches state to a schema's fields.
    private readonly ParquetSchema _schema = ParquetSchemas.Of(table);
    private ParquetWriter? _writer;

    /// <summary>The file's footer; null until the file is finished.</summary>
    public FileFooter? Footer { get; private set; }

    public long Bytes => file.Length;

    public async Task AppendAsync(IReadOnlyList<ColumnBuffer> columns, int from, int count)
    {
        using var group = (await OpenAsync()).CreateRowGroup();
        for (var i = 0; i < columns.Count; i++) await columns[i].WriteAsync(
            group, _schema.DataFields[i], from, count, CancellationToken.None);
        group.CompleteValidate();
    }

    public async Task FinishAsync(FileFooter footer)
    {
        var writer = await OpenAsync();
        writer.CustomMetadata = footer.ToMetadata();
        await writer.DisposeAsync();
        _writer = null;
        Footer = footer;
    }

    /// <summary>Makes a finished copy of the file without its first rows or with another footer.</summary>
    public async Task CutAsync(int from, FileFooter footer, FileDraft target)
    {
        await using var input = await MergeInput.OpenAsync(
            table.Name, new MemoryStream(file.GetReadOnlySequence().ToArray(), writable: false), CancellationToken.None);
        for (var i = 0; i < input.Reader.RowGroupCount; i++)
        {
            var rows = input.RowsOf(i);
            var left = Math.Min(from, rows);
            if (left < rows)
            {
                await RowGroupMerge.CopyAsync(
                    table, target._schema, [new MergeSlice(input, i, rows)], left, await target.OpenAsync(), CancellationToken.None);
            }
            from -= left;
        }

        await target.FinishAsync(footer);
    }

    public async Task WriteToAsync(Stream output, CancellationToken cancellationToken)
    {
        foreach (var part in file.GetReadOnlySequence()) await output.WriteAsync(part, cancellationToken);
    }

    public void Dispose() => file.Dispose();

    private async ValueTask<ParquetWriter> OpenAsync() =>
        _writer ??= await ParquetWriter.CreateAsync(_schema, file, ParquetEncoder.Options(table));
}

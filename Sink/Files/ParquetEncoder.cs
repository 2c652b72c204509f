using System.IO.Compression;
using Banking.Sink.Columns;
using Banking.Sink.Tables;
using Microsoft.IO;
using Parquet;

namespace Banking.Sink.Files;

/// <summary>
/// Makes a Parquet file of sealed rows, in memory: a slow store holds up no other file. Thread-safe; only some encodings run at a time and the others wait, as
/// each needs several times its row group's bytes: one encoding keeps up with half a million rows a second.
/// </summary>
internal sealed class ParquetEncoder(int rowGroupRows) : IDisposable
{
    private const int MaxIdleBytes = 16 << 20;
    private readonly RecyclableMemoryStreamManager _memory = new(new RecyclableMemoryStreamManager.Options { MaximumSmallPoolFreeBytes = MaxIdleBytes });
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 4));

    /// <param name="from">Rows before it are left out.</param>
    /// <returns>The file, to be disposed.</returns>
    public async Task<MemoryStream> EncodeAsync(RowBuffer rows, int from, FileFooter footer, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        var file = _memory.GetStream();
        try
        {
            await WriteAsync(rows, from, footer, file, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task WriteAsync(RowBuffer rows, int from, FileFooter footer, Stream output, CancellationToken cancellationToken)
    {
        // Not shared between files: the library attaches state to a schema's fields.
        var schema = ParquetSchemas.Of(rows.Table);
        await using var writer = await ParquetWriter.CreateAsync(schema, output, Options(rows.Table), cancellationToken: cancellationToken);
        writer.CustomMetadata = footer.ToMetadata();
        for (var start = from; start < rows.Count; start += rowGroupRows)
        {
            var count = Math.Min(rowGroupRows, rows.Count - start);
            using var group = writer.CreateRowGroup();
            for (var i = 0; i < rows.Columns.Count; i++)
            {
                await rows.Columns[i].WriteAsync(group, schema.DataFields[i], start, count, cancellationToken);
            }

            group.CompleteValidate();
        }
    }

    /// <summary>How every file of a table is written.</summary>
    internal static ParquetOptions Options(LakeTable table)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy, CompressionLevel = CompressionLevel.Fastest };
        foreach (var column in table.Columns.Where(column => column.Repetitive)) options.ColumnEncodingHints[column.Name] = EncodingHint.Dictionary;
        return options;
    }
}

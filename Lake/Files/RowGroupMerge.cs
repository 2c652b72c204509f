using System.Buffers;
using Banking.Lake.Tables;
using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Files;

/// <summary>
/// Writes the row groups of several inputs as one, except for the first rows. Only one column of one output row group is in memory at a
/// time.
/// </summary>
internal static class RowGroupMerge
{
    /// <param name="schema">The writer's schema.</param>
    /// <param name="from">The first row; rows before it are left out.</param>
    public static async Task CopyAsync(
        LakeTable table, ParquetSchema schema, IReadOnlyList<MergeSlice> slices, int from, ParquetWriter writer,
        CancellationToken cancellationToken)
    {
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < table.Columns.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await CopyColumnAsync(table.Columns[i], schema.DataFields[i], slices, from, group, cancellationToken);
        }

        group.CompleteValidate();
    }

    private static Task CopyColumnAsync(
        LakeColumn column, DataField target, IReadOnlyList<MergeSlice> slices, int from, ParquetRowGroupWriter group,
        CancellationToken cancellationToken) =>
        column.Type switch
        {
            LakeColumnType.Text => CopyTextAsync(target, slices, from, group, cancellationToken),
            LakeColumnType.Integer => CopyNumbersAsync<int>(target, slices, from, group, cancellationToken),
            LakeColumnType.BigInteger => CopyNumbersAsync<long>(target, slices, from, group, cancellationToken),
            LakeColumnType.Timestamp => CopyNumbersAsync<DateTime>(target, slices, from, group, cancellationToken),
            _ => CopyNumbersAsync<decimal>(target, slices, from, group, cancellationToken),
        };

    private static async Task CopyTextAsync(
        DataField target, IReadOnlyList<MergeSlice> slices, int from, ParquetRowGroupWriter group, CancellationToken cancellationToken)
    {
        var values = ArrayPool<string?>.Shared.Rent(slices.Sum(slice => slice.Rows));
        try
        {
            var rows = 0;
            foreach (var slice in slices)
            {
                var part = values.AsMemory(rows, slice.Rows);
                rows += slice.Rows;
                if (!TryFind(slice, target, out var source))
                {
                    part.Span.Clear();
                    continue;
                }

                using var reader = slice.Input.Reader.OpenRowGroupReader(slice.Group);
                await reader.ReadAsync(source, part!, null, cancellationToken);
            }

            await group.WriteAsync(target, new ArraySegment<string?>(values, from, rows - from)!);
        }
        finally
        {
            ArrayPool<string?>.Shared.Return(values, clearArray: true);
        }
    }

    private static async Task CopyNumbersAsync<T>(
        DataField target, IReadOnlyList<MergeSlice> slices, int from, ParquetRowGroupWriter group, CancellationToken cancellationToken)
        where T : struct
    {
        var values = ArrayPool<T?>.Shared.Rent(slices.Sum(slice => slice.Rows));
        try
        {
            var rows = 0;
            foreach (var slice in slices)
            {
                var part = values.AsMemory(rows, slice.Rows);
                rows += slice.Rows;
                if (!TryFind(slice, target, out var source))
                {
                    part.Span.Clear();
                    continue;
                }

                using var reader = slice.Input.Reader.OpenRowGroupReader(slice.Group);
                await reader.ReadAsync<T>(source, part, null, cancellationToken);
            }

            await group.WriteAsync(target, new ReadOnlyMemory<T?>(values, from, rows - from), cancellationToken: cancellationToken);
        }
        finally
        {
            ArrayPool<T?>.Shared.Return(values);
        }
    }

    // A file that was written before a column was added does not have it.
    private static bool TryFind(
        MergeSlice slice, DataField target, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DataField? source)
    {
        source = slice.Input.Reader.Schema.DataFields.FirstOrDefault(field => field.Name == target.Name);
        if (source is null) return false;
        if (source.ClrType == target.ClrType && source.IsNullable == target.IsNullable) return true;
        throw new InvalidDataException($"{slice.Input.Path}: the column {target.Name} is not of the table's type.");
    }
}

using Banking.Lake.Events;
using Banking.Lake.Tables;
using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Columns;

/// <summary>A column of whole numbers that are written as <typeparamref name="T"/>.</summary>
internal sealed class NumberColumn<T>(LakeColumn column, Func<long, T> convert) : ColumnBuffer(column)
    where T : struct
{
    private readonly PooledList<long> _values = new();

    public override long Bytes => (long)_values.Count * sizeof(long);

    public override void Add(ParsedEvent row) => _values.Add(row.Number(Column.Source));

    public override async Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, int from, int count, CancellationToken cancellationToken)
    {
        var converted = Scratch<T?>.Pool.Rent(count);
        try
        {
            Convert(from, converted.AsSpan(0, count));
            await group.WriteAsync(field, new ReadOnlyMemory<T?>(converted, 0, count), cancellationToken: cancellationToken);
        }
        finally
        {
            Scratch<T?>.Pool.Return(converted);
        }
    }

    public override void Dispose() => _values.Dispose();

    private void Convert(int from, Span<T?> target)
    {
        var source = _values.Span(from, target.Length);
        for (var i = 0; i < source.Length; i++) target[i] = source[i] == ParsedEvent.None ? null : convert(source[i]);
    }
}

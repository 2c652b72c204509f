using System.Globalization;
using Banking.Lake.Events;
using Banking.Lake.Tables;
using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Columns;

/// <summary>
/// The record's time as the old pipeline's text, <c>yyyy-MM-dd HH:mm:ss.fff</c> UTC; kept as a number until it is written.
/// </summary>
internal sealed class TimeTextColumn(LakeColumn column) : ColumnBuffer(column)
{
    private readonly PooledList<long> _values = new();

    public override long Bytes => (long)_values.Count * sizeof(long);

    public override void Add(ParsedEvent row) => _values.Add(row.Number(Column.Source));

    public override async Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, int from, int count, CancellationToken cancellationToken)
    {
        var characters = Scratch<char>.Pool.Rent(count * LogTime.Format.Length);
        var values = Scratch<ReadOnlyMemory<char>?>.Pool.Rent(count);
        try
        {
            Render(from, count, characters, values);
            await group.WriteAsync(
                field, new ReadOnlyMemory<ReadOnlyMemory<char>?>(values, 0, count), cancellationToken: cancellationToken);
        }
        finally
        {
            Scratch<ReadOnlyMemory<char>?>.Pool.Return(values, clearArray: true);
            Scratch<char>.Pool.Return(characters);
        }
    }

    public override void Dispose() => _values.Dispose();

    private void Render(int from, int count, char[] characters, ReadOnlyMemory<char>?[] values)
    {
        var used = 0;
        for (var i = 0; i < count; i++)
        {
            var same = i > 0 && _values[from + i] == _values[from + i - 1];
            if (!same)
            {
                LogTime.ToUtc(_values[from + i]).TryFormat(
                    characters.AsSpan(used), out var written, LogTime.Format, CultureInfo.InvariantCulture);
                values[i] = characters.AsMemory(used, written);
                used += written;
            }
            else
            {
                values[i] = values[i - 1];
            }
        }
    }
}

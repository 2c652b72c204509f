using System.Text;
using Banking.Lake.Events;
using Banking.Lake.Tables;
using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Columns;

/// <summary>A column of texts that repeat (headers, types): each distinct text is kept once, and a row is a number of four bytes.</summary>
internal sealed class RepetitiveTextColumn(LakeColumn column) : ColumnBuffer(column)
{
    private const int Null = -1;
    private readonly Utf8Dictionary _distinct = new();
    private readonly PooledList<int> _codes = new();
    private int _last = Null;

    public override long Bytes => _distinct.Bytes + ((long)_codes.Count * sizeof(int));

    public override void Add(ParsedEvent row)
    {
        if (!row.HasText(Column.Source))
        {
            _codes.Add(Null);
            return;
        }

        var text = row.Text(Column.Source);
        if (_last == Null || !_distinct[_last].SequenceEqual(text)) _last = _distinct.GetOrAdd(text, out _);
        _codes.Add(_last);
    }

    public override async Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, int from, int count, CancellationToken cancellationToken)
    {
        var texts = new ReadOnlyMemory<char>[_distinct.Count];
        for (var i = 0; i < texts.Length; i++) texts[i] = Encoding.UTF8.GetString(_distinct[i]).AsMemory();
        var values = Scratch<ReadOnlyMemory<char>?>.Pool.Rent(count);
        try
        {
            Spread(texts, from, values.AsSpan(0, count));
            await group.WriteAsync(
                field, new ReadOnlyMemory<ReadOnlyMemory<char>?>(values, 0, count), cancellationToken: cancellationToken);
        }
        finally
        {
            Scratch<ReadOnlyMemory<char>?>.Pool.Return(values, clearArray: true);
        }
    }

    public override void Dispose()
    {
        _distinct.Dispose();
        _codes.Dispose();
    }

    private void Spread(ReadOnlyMemory<char>[] texts, int from, Span<ReadOnlyMemory<char>?> values)
    {
        var codes = _codes.Span(from, values.Length);

        // Not one expression with ?: because a bare null there would become an empty ReadOnlyMemory, by way of a null array.
        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] == Null) values[i] = null;
            else values[i] = texts[codes[i]];
        }
    }
}

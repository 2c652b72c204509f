using System.Text;
using Banking.Lake.Events;
using Banking.Lake.Tables;
using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Columns;

/// <summary>
/// A column of texts, kept as UTF-8 and decoded one row group at a time into an array of characters, without making strings. Bytes that are
/// not UTF-8 come out as U+FFFD.
/// </summary>
internal sealed class TextColumn(LakeColumn column) : ColumnBuffer(column)
{
    private const int Null = -1;
    private readonly ByteArena _arena = new();
    private readonly PooledList<int> _lengths = new();

    public override long Bytes => _arena.Bytes + ((long)_lengths.Count * sizeof(int));

    public override void Add(ParsedEvent row)
    {
        if (!row.HasText(Column.Source))
        {
            _lengths.Add(Null);
            return;
        }

        var text = row.Text(Column.Source);
        _arena.Add(text);
        _lengths.Add(text.Length);
    }

    public override async Task WriteAsync(
        ParquetRowGroupWriter group, DataField field, int from, int count, CancellationToken cancellationToken)
    {
        // One byte of UTF-8 becomes at most one character.
        var characters = Scratch<char>.Pool.Rent(Math.Max(1, Length(from, count)));
        var values = Scratch<ReadOnlyMemory<char>?>.Pool.Rent(count);
        try
        {
            Decode(from, count, characters, values);
            await group.WriteAsync(
                field, new ReadOnlyMemory<ReadOnlyMemory<char>?>(values, 0, count), cancellationToken: cancellationToken);
        }
        finally
        {
            Scratch<ReadOnlyMemory<char>?>.Pool.Return(values, clearArray: true);
            Scratch<char>.Pool.Return(characters);
        }
    }

    public override void Dispose()
    {
        _arena.Dispose();
        _lengths.Dispose();
    }

    private int Length(int from, int count)
    {
        var total = 0;
        foreach (var length in _lengths.Span(from, count)) total += Math.Max(0, length);
        return total;
    }

    private void Decode(int from, int count, char[] characters, ReadOnlyMemory<char>?[] values)
    {
        var cursor = _arena.Read();
        foreach (var length in _lengths.Span(0, from))
        {
            if (length > 0) cursor.Next(length);
        }

        var used = 0;
        for (var i = 0; i < count; i++)
        {
            var length = _lengths[from + i];
            if (length == Null)
            {
                values[i] = null;
                continue;
            }

            var written = length == 0 ? 0 : Encoding.UTF8.GetChars(cursor.Next(length), characters.AsSpan(used));
            values[i] = characters.AsMemory(used, written);
            used += written;
        }
    }
}

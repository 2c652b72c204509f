using Banking.Sink.Events;
using Banking.Sink.Tables;

namespace Banking.Sink.Columns;

/// <summary>
/// Rows of one table and one day that wait for their file, column by column. Filled by one owner; once <see cref="Seal"/>ed it changes no
/// more and may be read on another thread.
/// </summary>
internal sealed class RowBuffer(LakeTable table, DateOnly day, DateTimeOffset opened) : IDisposable
{
    private readonly ColumnBuffer[] _columns = [.. table.Columns.Select(ColumnBuffer.Create)];
    private readonly PooledList<long> _offsets = new();
    private readonly PooledList<int> _accounts = new();
    private readonly PooledList<long> _sequences = new();

    public LakeTable Table => table;

    public DateOnly Day => day;

    /// <summary>When its first row came.</summary>
    public DateTimeOffset Opened { get; } = opened;

    /// <summary>When its last row came.</summary>
    public DateTimeOffset Touched { get; private set; }

    public int Count => _offsets.Count;

    public long Bytes { get; private set; }

    public long FirstOffset => _offsets[0];

    /// <summary>The last offset that was seen while these rows were gathered; the file covers up to it.</summary>
    public long EndOffset { get; private set; } = -1;

    /// <param name="account">The account's number in the map of last sequences; negative if the event has no identity.</param>
    public void Add(ParsedEvent row, int account, DateTimeOffset now)
    {
        foreach (var column in _columns) column.Add(row);
        _offsets.Add(row.Number(EventField.Offset));
        _accounts.Add(account);
        _sequences.Add(row.Number(EventField.SequenceNumber));
        Touched = now;
        if ((Count & 63) == 1) Measure();
    }

    public void Seal(long endOffset)
    {
        EndOffset = endOffset;
        Measure();
    }

    /// <summary>How many rows lie below an offset.</summary>
    public int RowsBelow(long offset)
    {
        var found = _offsets.Span(0, Count).BinarySearch(offset);
        return found < 0 ? ~found : found;
    }

    public IReadOnlyList<ColumnBuffer> Columns => _columns;

    /// <summary>The account's number and the sequence of a row that has an identity.</summary>
    public (int Account, long Sequence) Identity(int row) => (_accounts[row], _sequences[row]);

    public void Dispose()
    {
        foreach (var column in _columns) column.Dispose();
        _offsets.Dispose();
        _accounts.Dispose();
        _sequences.Dispose();
    }

    private void Measure()
    {
        var bytes = (long)Count * (sizeof(long) + sizeof(int) + sizeof(long));
        foreach (var column in _columns) bytes += column.Bytes;
        Bytes = bytes;
    }
}

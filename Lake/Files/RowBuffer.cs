using Banking.Lake.Columns;
using Banking.Lake.Events;
using Banking.Lake.Evidence;
using Banking.Lake.Tables;

namespace Banking.Lake.Files;

/// <summary>
/// Rows of one table and one day, kept column by column until they are written to their file. If there are many, they are encoded one row
/// group at a time (<see cref="EncodeGroupAsync"/>). Filled by one owner. Once it is sealed (<see cref="Seal"/>), its rows don't change any
/// more and may be read on another thread when <see cref="Encoding"/> is over.
/// </summary>
internal sealed class RowBuffer(LakeTable table, DateOnly day, DateTimeOffset opened) : IDisposable
{
    private ColumnBuffer[] _columns = CreateColumns(table);
    private int _encodedRows;
    private long _encodedBytes;
    private readonly PooledList<long> _offsets = new();
    private readonly PooledList<int> _accounts = new();
    private readonly PooledList<long> _sequences = new();
    private readonly PooledList<ulong> _contents = new();

    public LakeTable Table => table;

    public DateOnly Day => day;

    /// <summary>When its first row came.</summary>
    public DateTimeOffset Opened { get; } = opened;

    /// <summary>When its last row came.</summary>
    public DateTimeOffset Touched { get; private set; }

    public int Count => _offsets.Count;

    public long Bytes { get; private set; }

    /// <summary>How many of these bytes belong to rows that are being encoded, and so are about to become fewer.</summary>
    public long BytesUnderWay { get; private set; }

    /// <summary>The other bytes.</summary>
    public long SettledBytes => Bytes - BytesUnderWay;

    /// <summary>Rows that are in no row group yet.</summary>
    public int LooseRows => Count - _encodedRows;

    /// <summary>
    /// The file that is made from the rows while they come in; null if there are only a few, all of them in <see cref="Columns"/>.
    /// </summary>
    public FileDraft? Draft { get; private set; }

    /// <summary>
    /// Completes when all row groups that were begun are in <see cref="Draft"/>. It fails if one can't be made, which can only be for lack
    /// of memory.
    /// </summary>
    public Task Encoding { get; private set; } = Task.CompletedTask;

    public long FirstOffset => _offsets[0];

    /// <summary>The last offset that was seen while these rows were gathered; the file covers up to it.</summary>
    public long EndOffset { get; private set; } = -1;

    /// <param name="account">The account's number in the map of last sequences; negative if the event has no identity.</param>
    public void Add(ParsedEvent row, int account, DateTimeOffset now)
    {
        foreach (var column in _columns) column.Add(row);
        _offsets.Add(row.Number(EventField.Offset));
        if (account >= 0)
        {
            _accounts.Add(account);
            _sequences.Add(row.Number(EventField.SequenceNumber));
            _contents.Add(EventContent.HashOf(row));
        }

        Touched = now;
        if ((Count & 63) == 1) Measure();
    }

    /// <summary>What the partition's sink knew when the rows were sealed.</summary>
    public SealEvidence? Evidence { get; private set; }

    public void Seal(long endOffset, SealEvidence? evidence = null)
    {
        EndOffset = endOffset;
        Evidence = evidence;
        Measure();
    }

    /// <summary>Makes a row group from the loose rows on another thread. It is called and continues in the owner's turns.</summary>
    public Task EncodeGroupAsync(ParquetEncoder encoder)
    {
        var (columns, count) = (_columns, LooseRows);
        (_columns, _encodedRows) = (CreateColumns(table), Count);
        return Encoding = EncodeAsync(encoder, Encoding, Draft ??= encoder.Begin(table), columns, count);
    }

    /// <summary>How many rows are below an offset.</summary>
    public int RowsBelow(long offset)
    {
        var found = _offsets.Span(0, Count).BinarySearch(offset);
        return found < 0 ? ~found : found;
    }

    /// <summary>The columns of the loose rows.</summary>
    public IReadOnlyList<ColumnBuffer> Columns => _columns;

    /// <summary>How many rows have an identity.</summary>
    public int Identities => _accounts.Count;

    /// <summary>The account's number and the sequence number of a row that has an identity.</summary>
    public (int Account, long Sequence) Identity(int index) => (_accounts[index], _sequences[index]);

    /// <summary>The content (<see cref="EventContent"/>) of an account's event with this number, if it is among the rows.</summary>
    public ulong? FindContent(int account, long sequence)
    {
        for (var at = NextOf(account, 0); at >= 0; at = NextOf(account, at + 1))
        {
            if (_sequences[at] == sequence) return _contents[at];
        }

        return null;
    }

    /// <summary>Adds the contents of all events of an account, by number.</summary>
    public void CopyContents(int account, Dictionary<long, ulong> contents)
    {
        for (var at = NextOf(account, 0); at >= 0; at = NextOf(account, at + 1)) contents[_sequences[at]] = _contents[at];
    }

    public void Dispose()
    {
        foreach (var column in _columns) column.Dispose();
        Draft?.Dispose();
        _offsets.Dispose();
        _accounts.Dispose();
        _sequences.Dispose();
        _contents.Dispose();
    }

    private int NextOf(int account, int from)
    {
        var found = _accounts.Span(from, _accounts.Count - from).IndexOf(account);
        return found < 0 ? -1 : from + found;
    }

    private async Task EncodeAsync(ParquetEncoder encoder, Task before, FileDraft draft, ColumnBuffer[] columns, int count)
    {
        var bytes = columns.Sum(column => column.Bytes);
        BytesUnderWay += bytes;
        var encoded = await Task.Run(async () =>
        {
            await before;
            var size = draft.Bytes;
            await encoder.AppendAsync(draft, columns, count);
            return draft.Bytes - size;
        });
        foreach (var column in columns) column.Dispose();
        BytesUnderWay -= bytes;
        _encodedBytes += encoded;
        Measure();
    }

    private void Measure()
    {
        var bytes = ((long)Count * sizeof(long))
            + ((long)Identities * (sizeof(int) + sizeof(long) + sizeof(ulong)))
            + _encodedBytes
            + BytesUnderWay;
        foreach (var column in _columns) bytes += column.Bytes;
        Bytes = bytes;
    }

    private static ColumnBuffer[] CreateColumns(LakeTable table) => [.. table.Columns.Select(ColumnBuffer.Create)];
}

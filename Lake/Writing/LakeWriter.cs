using Banking.Lake.Chains;
using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Lake.Writing;

/// <summary>
/// Writes the records of one partition of an ordered log into the lake's tables, each row exactly once. What was committed is known by its
/// offsets, so nothing is lost or duplicated if a writer dies or another one is faster. Not thread-safe.
/// </summary>
public sealed class LakeWriter : IDisposable
{
    private const int RowGroupRows = 10_000;
    private readonly EventParser _parser = new();
    private readonly ParquetEncoder _encoder;
    private readonly TableRows[] _tables;
    private readonly ChainId _partition;
    private readonly TimeProvider _time;
    private long _last = -1;

    private LakeWriter(ParquetEncoder encoder, TableRows[] tables, ChainId partition, TimeProvider time)
    {
        (_encoder, _tables, _partition, _time) = (encoder, tables, partition, time);
        NextOffset = tables.Min(table => table.NextStart);
    }

    /// <summary>The offset from which the log has to be read: below it, all tables have their rows.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Finds out how far the lake has got.</summary>
    /// <param name="partition">The log's id and the partition. Another log needs another id, as its offsets mean other records.</param>
    public static async Task<LakeWriter> OpenAsync(
        ILakeStore store, ChainId partition, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        time ??= TimeProvider.System;
        var encoder = new ParquetEncoder(RowGroupRows);
        var owner = Guid.NewGuid().ToString("N");
        var tables = LakeTables.All.Select(async table =>
        {
            var chain = new TableChain(store, encoder, table, partition, owner, time);
            return new TableRows(chain, new ChainEnd(await chain.FindTailAsync(cancellationToken), time));
        });
        return new LakeWriter(encoder, await Task.WhenAll(tables), partition, time);
    }

    /// <summary>Takes in a record; it is in the lake after <see cref="CommitAsync"/>.</summary>
    /// <returns>False if it belongs to no table, because it is not an event or its type has no table.</returns>
    /// <exception cref="ArgumentException">The offset is not above that of the previous record.</exception>
    public bool Add(in LakeRecord record)
    {
        if (record.Offset <= _last) throw new ArgumentException($"Offset {record.Offset} came after {_last}.", nameof(record));
        _last = record.Offset;
        if (!_parser.TryParse(record, _partition.Partition)) return false;
        if (!LakeTables.TryRoute(_parser.Event.Text(EventField.EventType), out var table) || table < 0) return false;
        _tables[table].Add(_parser.Event, _time.GetUtcNow());
        return true;
    }

    /// <summary>
    /// Makes what was taken in durable and visible, as one file for each table and day. After an exception it may be called again.
    /// </summary>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        foreach (var table in _tables) await table.CommitAsync(_last, cancellationToken);
        NextOffset = Math.Max(NextOffset, _last + 1);
    }

    public void Dispose()
    {
        foreach (var table in _tables) table.Dispose();
        _encoder.Dispose();
    }

    private sealed class TableRows(TableChain chain, ChainEnd end) : IDisposable
    {
        private readonly Queue<RowBuffer> _days = [];

        public long NextStart => end.Tail.NextStart;

        public void Add(ParsedEvent row, DateTimeOffset now)
        {
            if (row.Number(EventField.Offset) < NextStart) return;
            var day = end.DayOf(row, now);
            if (_days.LastOrDefault()?.Day != day)
            {
                _days.LastOrDefault()?.Seal(row.Number(EventField.Offset) - 1);
                _days.Enqueue(new RowBuffer(chain.Table, day, now));
            }

            _days.Last().Add(row, account: -1, now);
        }

        public async Task CommitAsync(long last, CancellationToken cancellationToken)
        {
            _days.LastOrDefault()?.Seal(last);
            while (_days.TryPeek(out var rows))
            {
                while (end.Left(rows) is var (start, from, day))
                {
                    var commit = await chain.CommitAsync(start, rows, from, day, cancellationToken);
                    end.Tail = commit.Tail;
                    if (commit.Won) await chain.ForgetClaimsBelowAsync(start, cancellationToken);
                }

                _days.Dequeue().Dispose();
            }
        }

        public void Dispose()
        {
            foreach (var rows in _days) rows.Dispose();
        }
    }
}

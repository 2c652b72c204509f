using System.Buffers;
using Banking.Lake.Events;
using Banking.Lake.Tables;
using Parquet;
using Parquet.Schema;

namespace Banking.Lake.Columns;

/// <summary>
/// The values of one column of the rows that wait to be written to their file. Not thread-safe; read-only once its rows are sealed.
/// </summary>
internal abstract class ColumnBuffer(LakeColumn column) : IDisposable
{
    public LakeColumn Column { get; } = column;

    /// <summary>Roughly how many bytes the values take in memory.</summary>
    public abstract long Bytes { get; }

    public abstract void Add(ParsedEvent row);

    /// <summary>Writes the rows from <paramref name="from"/> on as the next column of a row group.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, DataField field, int from, int count, CancellationToken cancellationToken);

    public abstract void Dispose();

    public static ColumnBuffer Create(LakeColumn column) => column switch
    {
        { Source: EventField.RecordTime } => new TimeTextColumn(column),
        { Type: LakeColumnType.Text, Repetitive: true } => new RepetitiveTextColumn(column),
        { Type: LakeColumnType.Text } => new TextColumn(column),
        { Type: LakeColumnType.Integer } => new NumberColumn<int>(column, value => (int)value),
        { Type: LakeColumnType.BigInteger } => new NumberColumn<long>(column, value => value),
        { Type: LakeColumnType.Timestamp } =>
            new NumberColumn<DateTime>(column, value => DateTimeOffset.FromUnixTimeMilliseconds(value).UtcDateTime),
        _ => new NumberColumn<decimal>(column, Unscaler(column.Scale)),
    };

    private static Func<long, decimal> Unscaler(int scale) => value =>
    {
        var magnitude = (ulong)Math.Abs(value);
        return new decimal((int)magnitude, (int)(magnitude >> 32), 0, value < 0, (byte)scale);
    };
}

/// <summary>
/// Arrays used while one column is encoded. The shared pool keeps one for every thread that ever returned one, which is hundreds of
/// megabytes at the sizes of a row group. This pool keeps a single array of each size. Thread-safe.
/// </summary>
internal static class Scratch<T>
{
    private const int MaxLength = 1 << 27;

    public static readonly ArrayPool<T> Pool = ArrayPool<T>.Create(MaxLength, maxArraysPerBucket: 1);
}

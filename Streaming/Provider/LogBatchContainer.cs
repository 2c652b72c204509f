using Banking.Streaming.Log;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// Consecutive records of a stream on their way to a consumer; its token is its last record's offset. Records are decoded where they are
/// consumed, and not at all for a consumer of <see cref="LogRecordBatch"/>.
/// </summary>
/// <param name="isForFilter">Whether a filter is asked before the batch is delivered: then the first look at its items is the
/// filter's.</param>
[Immutable]
internal sealed class LogBatchContainer(
    StreamDecoding decoding, StreamId stream, int partition, LogRecord[] records, ReadOnlyMemory<byte> context, bool isForFilter = false)
    : IBatchContainer
{
    private int _isForFilter = isForFilter ? 1 : 0;

    public StreamDecoding Decoding => decoding;

    public StreamId StreamId => stream;

    public int Partition => partition;

    public LogRecord[] Records => records;

    public ReadOnlyMemory<byte> Context => context;

    public StreamSequenceToken SequenceToken { get; } = new EventSequenceTokenV2(records[^1].Offset);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        if (typeof(T) == typeof(LogRecordBatch))
            return [Tuple.Create((T)(object)new LogRecordBatch(partition, records), SequenceToken)];

        // A subscriber may be able to read items that the filter can't read as plain objects: the failure policy is not applied yet.
        return Interlocked.Exchange(ref _isForFilter, 0) == 1
            ? decoding.DecodeForFilter<T>(stream, records)
            : decoding.Decode<T>(stream, partition, records);
    }

    public bool ImportRequestContext()
    {
        if (context.IsEmpty || decoding.ReadContext(stream, partition, records[0].Offset, context) is not { } read) return false;
        RequestContextExtensions.Import(read);
        return true;
    }

    public override string ToString() => $"[{stream}: {records.Length} records, offsets {records[0].Offset} to {records[^1].Offset}]";
}

using Banking.Streaming.Log;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// Consecutive records of a stream on their way to a consumer; its token is its last record's offset. Records are decoded where they are consumed,
/// and not at all
/// for a consumer of <see cref="LogRecordBatch"/>.
/// </summary>
[Immutable]
internal sealed class LogBatchContainer(StreamDecoding decoding, StreamId stream, int partition, LogRecord[] records, ReadOnlyMemory<byte> context) : IBatchContainer
{
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
        return decoding.Decode<T>(stream, partition, records);
    }

    public bool ImportRequestContext()
    {
        if (context.IsEmpty) return false;
        RequestContextExtensions.Import(decoding.ReadContext(context));
        return true;
    }

    public override string ToString() => $"[{stream}: {records.Length} records, offsets {records[0].Offset} to {records[^1].Offset}]";
}

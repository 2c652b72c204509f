using System.Text;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>The codecs of a provider by stream namespace, and what becomes of a record that can't be read. Thread-safe.</summary>
internal sealed partial class StreamDecoding(
    string provider, LogStreamOptions options, IServiceProvider services, Serializer serializer, LogStreamMetrics metrics, ILogger<StreamDecoding> logger)
{
    private readonly Dictionary<string, ILogCodec> _codecs =
        options.Codecs.ToDictionary(codec => codec.Key, codec => codec.Value(services), StringComparer.Ordinal);

    private readonly SerializerCodec _default = new(serializer);

    public string Provider => provider;

    public ILogCodec Codec(StreamId stream) =>
        _codecs.Count > 0 && _codecs.TryGetValue(Encoding.UTF8.GetString(stream.Namespace.Span), out var codec)
            ? codec
            : _default;

    public Dictionary<string, object> ReadContext(ReadOnlyMemory<byte> context) => serializer.Deserialize<Dictionary<string, object>>(context) ?? [];

    public List<Tuple<T, StreamSequenceToken>> Decode<T>(StreamId stream, int partition, LogRecord[] records)
    {
        var codec = Codec(stream);
        var items = new List<Tuple<T, StreamSequenceToken>>(records.Length);
        foreach (ref readonly var record in records.AsSpan())
        {
            T item;
            try
            {
                item = codec.Decode<T>(stream, record);
            }
            catch (Exception exception) when (options.FailurePolicy == FailurePolicy.Skip)
            {
                metrics.Skipped(partition, "undecodable");
                LogUndecodable(stream, partition, record.Offset, exception);
                continue;
            }
            catch (Exception exception)
            {
                metrics.Failed(partition, "undecodable");
                throw new LogException(
                    $"The record at offset {record.Offset} of partition {partition} can't be read as {typeof(T).Name}; the stream {stream} waits for it.",
                    exception);
            }

            items.Add(Tuple.Create(item, (StreamSequenceToken)new EventSequenceTokenV2(record.Offset)));
        }

        return items;
    }

    [LoggerMessage(LogLevel.Error, "Skipped a record of {Stream} that can't be read: partition {Partition}, offset {Offset}.")]
    private partial void LogUndecodable(StreamId stream, int partition, long offset, Exception exception);
}

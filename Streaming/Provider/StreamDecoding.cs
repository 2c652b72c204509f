using System.Text;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Serialization;
using Orleans.Streams;
using Orleans.Streams.Filtering;

namespace Banking.Streaming.Provider;

/// <summary>The codecs of a provider by stream namespace, and the handling of records that can't be read. Thread-safe.</summary>
internal sealed partial class StreamDecoding(
    string provider, LogStreamOptions options, IServiceProvider services, Serializer serializer, LogStreamMetrics metrics,
    ILogger<StreamDecoding> logger,
    DeadLetters? letters)
{
    private readonly Dictionary<string, ILogCodec> _codecs =
        options.Codecs.ToDictionary(codec => codec.Key, codec => codec.Value(services), StringComparer.Ordinal);

    private readonly FailureSeries _contextFailures = new(services.GetService<TimeProvider>() ?? TimeProvider.System);
    private readonly SerializerCodec _default = new(serializer);
    private readonly UndecodableLetters? _undecodable = letters is null ? null : new UndecodableLetters(letters);

    public string Provider => provider;

    /// <summary>Whether a filter is registered for the provider; it is asked about each batch before it is delivered.</summary>
    public bool IsFiltered { get; } =
        services.GetService<IServiceProviderIsKeyedService>()?.IsKeyedService(typeof(IStreamFilter), provider) == true;

    /// <summary>Where records go under <see cref="FailurePolicy.DeadLetter"/>; null under another policy.</summary>
    public DeadLetters? Letters => letters;

    public ILogCodec Codec(StreamId stream) =>
        _codecs.Count > 0 && _codecs.TryGetValue(Encoding.UTF8.GetString(stream.Namespace.Span), out var codec)
            ? codec
            : _default;

    /// <summary>
    /// The request context in a record's header; null if it can't be read, which is counted and logged now and then. Anybody who can write
    /// to the log can write such a header; the record is then delivered without the context.
    /// </summary>
    public Dictionary<string, object>? ReadContext(StreamId stream, int partition, long offset, ReadOnlyMemory<byte> context)
    {
        try
        {
            if (context.Length > RequestContextHeader.MaxBytes)
                throw new LogException($"It has {context.Length} bytes; at most {RequestContextHeader.MaxBytes} are read.");
            return serializer.Deserialize<Dictionary<string, object>>(context) ?? [];
        }
        catch (Exception exception)
        {
            metrics.Failed(partition, "request_context");
            lock (_contextFailures)
            {
                if (_contextFailures.Add()) LogContextIgnored(stream, partition, offset, _contextFailures.Count, exception.Message);
            }

            return null;
        }
    }

    /// <summary>The items of records, for a filter: the failure policy is not applied.</summary>
    public IEnumerable<Tuple<T, StreamSequenceToken>> DecodeForFilter<T>(StreamId stream, LogRecord[] records)
    {
        var codec = Codec(stream);
        foreach (var record in records)
            yield return Tuple.Create(codec.Decode<T>(stream, record), (StreamSequenceToken)new EventSequenceTokenV2(record.Offset));
    }

    /// <summary>The items of records, without those that the failure policy skips.</summary>
    /// <exception cref="LogException">A record can't be read, and must not be skipped, or not yet.</exception>
    public List<Tuple<T, StreamSequenceToken>> Decode<T>(StreamId stream, int partition, LogRecord[] records)
    {
        var codec = Codec(stream);
        var items = new List<Tuple<T, StreamSequenceToken>>(records.Length);
        List<DeadLetter> unsent = [];
        foreach (ref readonly var record in records.AsSpan())
        {
            T item;
            try
            {
                if (RecordCut.SentenceOf(record) is { } cut) throw new LogException($"It is too large. {cut}");
                item = codec.Decode<T>(stream, record);
            }
            catch (Exception exception) when (options.FailurePolicy == FailurePolicy.Skip)
            {
                metrics.Skipped(partition, "undecodable");
                LogUndecodable(stream, partition, record.Offset, exception);
                continue;
            }
            catch (Exception exception) when (_undecodable is not null)
            {
                if (!_undecodable.IsDurable(partition, record.Offset))
                {
                    unsent.Add(new DeadLetter(partition, record, Reason<T>(stream, exception)));
                }
                continue;
            }
            catch (Exception exception)
            {
                metrics.Failed(partition, "undecodable");
                throw new LogException(
                    $"The record at offset {record.Offset} of partition {partition} can't be read as {typeof(T).Name}; the stream "
                        + $"{stream} waits for it.",
                    exception);
            }

            items.Add(Tuple.Create(item, (StreamSequenceToken)new EventSequenceTokenV2(record.Offset)));
        }

        if (unsent.Count > 0) throw Send(unsent, stream, partition);
        return items;
    }

    private LogException Send(List<DeadLetter> unsent, StreamId stream, int partition)
    {
        metrics.Failed(partition, "undecodable");
        _undecodable!.Send(unsent);
        return new LogException(
            $"{unsent.Count} records of partition {partition}, from offset {unsent[0].Record.Offset} on, can't be read; the stream "
                + $"{stream} waits until they are "
            + "durable among the dead letters.");
    }

    private static string Reason<T>(StreamId stream, Exception exception) =>
        $"It can't be read as {typeof(T).Name} of the stream {stream}: {exception.Message}";

    [LoggerMessage(
        LogLevel.Warning,
        "The header orleans-request-context of the record at offset {Offset} of partition {Partition} can't be read; "
        + "{Stream} gets the record without it (such headers: {Count}). {Reason}")]
    private partial void LogContextIgnored(StreamId stream, int partition, long offset, int count, string reason);

    [LoggerMessage(LogLevel.Error, "Skipped a record of {Stream} that can't be read: partition {Partition}, offset {Offset}.")]
    private partial void LogUndecodable(StreamId stream, int partition, long offset, Exception exception);
}

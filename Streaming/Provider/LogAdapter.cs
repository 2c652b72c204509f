using Banking.Streaming.Log;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>The producers' side: items become records, appended next to each other and durable when the call returns.</summary>
internal sealed class LogAdapter(
    string name, IPartitionedLog log, StreamRouting routing, LogStreamOptions options, StreamDecoding codecs, Serializer serializer,
    LogStreamMetrics metrics,
    Func<QueueId, IQueueAdapterReceiver> createReceiver) : IQueueAdapter
{
    private readonly OrderedAppends _appends = new(log, routing, metrics);

    public string Name => name;

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public async Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        if (token is not null) throw new NotSupportedException("The log gives the tokens: publish without one.");
        var codec = codecs.Codec(streamId);
        var own = OwnHeaders(streamId, requestContext);
        List<NewLogRecord> records = [];
        foreach (var item in events)
        {
            var record = codec.Encode(streamId, item);
            if (own.Length > 0) record = record with { Headers = record.Headers.Count == 0 ? own : [.. record.Headers, .. own] };
            RequireSize(streamId, record);
            records.Add(record);
        }

        if (records.Count == 0) return;
        metrics.InFlight(records.Count);
        try
        {
            await _appends.AppendAsync(streamId, records);
        }
        finally
        {
            metrics.InFlight(-records.Count);
        }
    }

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => createReceiver(queueId);

    private void RequireSize(StreamId stream, in NewLogRecord record)
    {
        var bytes = RecordSize.Of(record);
        if (bytes <= options.MaxRecordBytes) return;
        throw new ArgumentException(
            $"A record of {bytes} bytes for the stream {stream} is more than the {options.MaxRecordBytes} that MaxRecordBytes of '{name}' "
                + "allows; "
            + "nothing of its batch was appended.");
    }

    private LogHeader[] OwnHeaders(StreamId stream, Dictionary<string, object>? requestContext)
    {
        // Records of the partition's own streams, the hot path, usually have none of these headers.
        var headers = new List<LogHeader>(3);
        if (!routing.IsOwnStream(stream)) headers.Add(routing.Header(stream));
        if (TraceHeader.OfCurrent() is { } trace) headers.Add(trace);
        if (options.CarryRequestContext && RequestContextHeader.Write(serializer, requestContext) is { } context) headers.Add(context);
        return [.. headers];
    }
}

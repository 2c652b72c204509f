using Banking.Streaming.Log;
using Orleans.Serialization;

namespace Banking.Streaming.Provider;

/// <summary>
/// The default codec: the value is the item with its type, as Orleans' serializer writes it; the key is the stream's key.
/// </summary>
public sealed class SerializerCodec(Serializer serializer) : ILogCodec
{
    public NewLogRecord Encode<T>(StreamId stream, T item) => new(stream.Key, serializer.SerializeToArray<object?>(item), []);

    public T Decode<T>(StreamId stream, in LogRecord record) => (T)serializer.Deserialize<object?>(record.Value)!;
}

using Banking.Streaming;
using Banking.Streaming.Log;

namespace Banking.Benchmarks.Streams;

/// <summary>Bytes as they are, so that ours and the peer move the same records.</summary>
internal sealed class BytesCodec : ILogCodec
{
    public NewLogRecord Encode<T>(StreamId stream, T item) => new(default, (byte[])(object)item!, []);

    public T Decode<T>(StreamId stream, in LogRecord record) => (T)(object)record.Value.ToArray();
}

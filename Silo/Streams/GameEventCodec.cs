using System.Buffers;
using System.Text;
using Banking.Events;
using Banking.Streaming.Log;
using Banking.Streaming.Provider;

namespace Banking.Silo.Streams;

/// <summary>
/// The game's events in the log: JSON that every consumer of the old topic reads, under the account's id as the key, so that an account's
/// events stay in one partition whoever produces them. An inquiry about prices has no key. The trace of the request that caused the event, if there is one, is a
/// header.
/// </summary>
internal sealed class GameEventCodec : ILogCodec
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public NewLogRecord Encode<T>(StreamId stream, T item)
    {
        if (item is not GameEvent happened) throw new ArgumentException($"The stream {stream} carries {nameof(GameEvent)}s, not {typeof(T)}.", nameof(item));
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1_024);
        buffer.ResetWrittenCount();
        GameEventJson.Write(happened, buffer);
        var key = happened.AccountId is { } account ? Encoding.UTF8.GetBytes(account) : [];
        return new NewLogRecord(key, buffer.WrittenSpan.ToArray(), HeadersOf(happened));
    }

    public T Decode<T>(StreamId stream, in LogRecord record) => GameEventJson.Read(record.Value) is T item
        ? item
        : throw new InvalidCastException($"The stream {stream} carries {nameof(GameEvent)}s, not {typeof(T)}.");

    private static LogHeader[] HeadersOf(GameEvent happened) =>
        happened.Origin?.TraceParent is { } trace ? [new LogHeader(TraceHeader.Name, Encoding.ASCII.GetBytes(trace))] : [];
}

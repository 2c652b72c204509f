using Banking.Streaming.Log;

namespace Banking.Streaming;

/// <summary>How the items of a stream namespace become records and back. Implementations are thread-safe.</summary>
public interface ILogCodec
{
    /// <summary>The record of one item. The provider adds its own headers (their names begin with <c>orleans-</c>).</summary>
    NewLogRecord Encode<T>(StreamId stream, T item);

    /// <summary>The item of one record.</summary>
    /// <exception cref="Exception">Anything: the record is unreadable, and the failure policy decides.</exception>
    T Decode<T>(StreamId stream, in LogRecord record);
}

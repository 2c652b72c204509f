using System.Runtime.InteropServices;
using System.Text;
using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Consuming;

/// <summary>
/// Copies records out of librdkafka's memory: the bytes of many records into one array, so that a record costs no object unless it has
/// headers. Used by one thread.
/// </summary>
/// <param name="maxBytes">The most bytes of a record (key, value and headers together). Of a larger one only the beginning is copied, and
/// <see cref="RecordCut"/> says so.</param>
internal sealed unsafe class RecordReading(long maxBytes)
{
    /// <summary>Below the size from which arrays are collected rarely and never moved.</summary>
    private const int SlabSize = 64 * 1024;
    private const int MaxNames = 64;

    /// <summary>Only short names are cached: those of foreign producers must not fill the memory.</summary>
    private const int MaxNameBytes = 256;

    /// <summary>
    /// How many bytes of the value of a record that is too large are kept, for people to look at; of the key and of the headers, a quarter
    /// of that each.
    /// </summary>
    private const int KeptBytes = 64 * 1024;

    private static readonly LogHeader[] NoHeaders = [];

    private readonly List<(byte[] Utf8, string Name)> _names = [];
    private byte[] _slab = [];
    private int _used;

    public LogRecord Read(Librdkafka.Message* message)
    {
        int kind;
        var timestamp = Librdkafka.Timestamp(message, &kind);
        var bytes = (long)message->Length + message->KeyLength;
        if (bytes <= maxBytes && HeadersOf(message, maxBytes - bytes, out var left) is var headers && left == 0)
        {
            return new LogRecord(
                message->Offset, timestamp, Copy(message->Key, message->KeyLength), Copy(message->Payload, message->Length), headers);
        }

        return Begin(message, timestamp);
    }

    private LogRecord Begin(Librdkafka.Message* message, long timestamp)
    {
        var headers = HeadersOf(message, KeptBytes / 4, out var left);
        var (key, value) = (Math.Min(message->KeyLength, KeptBytes / 4), Math.Min(message->Length, KeptBytes));
        var whole = new ReadOnlySpan<byte>(message->Payload, checked((int)message->Length));
        var cut = RecordCut.Header(whole, message->KeyLength, headers.Length + left, value, key, headers.Length);
        return new LogRecord(message->Offset, timestamp, Copy(message->Key, key), Copy(message->Payload, value), [.. headers, cut]);
    }

    /// <param name="room">The most bytes of headers that are copied.</param>
    /// <param name="left">How many headers were left out.</param>
    private LogHeader[] HeadersOf(Librdkafka.Message* message, long room, out int left)
    {
        left = 0;
        IntPtr headers;
        if (Librdkafka.Headers(message, &headers) != Librdkafka.NoError) return NoHeaders;
        var result = new List<LogHeader>(2);
        byte* name;
        byte* value;
        nint length;
        for (nint i = 0; Librdkafka.HeaderAt(headers, i, &name, &value, &length) == Librdkafka.NoError; i++)
        {
            var utf8 = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
            room -= utf8.Length + length + RecordSize.HeaderOverhead;
            if (room >= 0) result.Add(new LogHeader(NameOf(utf8), Copy(value, length)));
            else left++;
        }

        return [.. result];
    }

    private ReadOnlyMemory<byte> Copy(byte* bytes, nint length)
    {
        if (bytes is null || length == 0) return default;
        var source = new ReadOnlySpan<byte>(bytes, checked((int)length));
        if (source.Length > SlabSize / 4) return source.ToArray();
        if (_slab.Length - _used < source.Length) (_slab, _used) = (GC.AllocateUninitializedArray<byte>(SlabSize), 0);
        source.CopyTo(_slab.AsSpan(_used));
        _used += source.Length;
        return _slab.AsMemory(_used - source.Length, source.Length);
    }

    private string NameOf(ReadOnlySpan<byte> utf8)
    {
        foreach (var (known, text) in _names)
        {
            if (utf8.SequenceEqual(known)) return text;
        }

        var made = Encoding.UTF8.GetString(utf8);
        if (_names.Count < MaxNames && utf8.Length <= MaxNameBytes) _names.Add((utf8.ToArray(), made));
        return made;
    }
}

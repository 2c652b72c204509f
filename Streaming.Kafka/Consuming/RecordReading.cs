using System.Runtime.InteropServices;
using System.Text;
using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Consuming;

/// <summary>
/// Copies records out of librdkafka's memory: bytes of many into one array, so that a record costs no object unless it has headers. Used by one thread.
/// </summary>
internal sealed unsafe class RecordReading
{
    /// <summary>Below the size at which arrays are collected rarely and never moved.</summary>
    private const int SlabSize = 64 * 1024;
    private const int MaxNames = 64;

    private static readonly LogHeader[] NoHeaders = [];

    private readonly List<(byte[] Utf8, string Name)> _names = [];
    private byte[] _slab = [];
    private int _used;

    public LogRecord Read(Librdkafka.Message* message)
    {
        int kind;
        var timestamp = Librdkafka.Timestamp(message, &kind);
        return new LogRecord(
            message->Offset, timestamp, Copy(message->Key, message->KeyLength), Copy(message->Payload, message->Length), HeadersOf(message));
    }

    private LogHeader[] HeadersOf(Librdkafka.Message* message)
    {
        IntPtr headers;
        if (Librdkafka.Headers(message, &headers) != Librdkafka.NoError) return NoHeaders;
        var result = new List<LogHeader>(2);
        byte* name;
        byte* value;
        nint length;
        for (nint i = 0; Librdkafka.HeaderAt(headers, i, &name, &value, &length) == Librdkafka.NoError; i++)
            result.Add(new LogHeader(NameOf(name), Copy(value, length)));
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

    private string NameOf(byte* name)
    {
        var utf8 = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
        foreach (var (known, text) in _names)
        {
            if (utf8.SequenceEqual(known)) return text;
        }

        var made = Encoding.UTF8.GetString(utf8);
        if (_names.Count < MaxNames) _names.Add((utf8.ToArray(), made));
        return made;
    }
}

using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>
/// Passes bytes on as they are, without a copy if they are a whole array, as codecs make them. Empty bytes become null, as for a record
/// without a key.
/// </summary>
internal sealed class WholeArraySerializer : ISerializer<ReadOnlyMemory<byte>>
{
    public static WholeArraySerializer Instance { get; } = new();

    public byte[] Serialize(ReadOnlyMemory<byte> data, SerializationContext context) => ToArray(data)!;

    public static byte[]? ToArray(ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty) return null;
        return MemoryMarshal.TryGetArray(data, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : data.ToArray();
    }
}

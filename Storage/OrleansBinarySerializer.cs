using System.Buffers;
using Orleans.Serialization;
using Orleans.Storage;

namespace Banking.Storage;

/// <summary>
/// Orleans' binary format, as <see cref="OrleansGrainStorageSerializer"/> writes it, with one allocation of the exact size where that one
/// grows an array step by step. Thread-safe.
/// </summary>
internal sealed class OrleansBinarySerializer(Serializer serializer) : IGrainStorageSerializer
{
    private const int KeptBytes = 1 << 20;

    [ThreadStatic] private static ArrayBufferWriter<byte>? _buffer;

    public BinaryData Serialize<T>(T? input)
    {
        // Taken away while in use: a codec may serialize a state of its own.
        var buffer = _buffer ?? new ArrayBufferWriter<byte>(4096);
        _buffer = null;
        serializer.Serialize(input, buffer);
        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= KeptBytes)
        {
            buffer.ResetWrittenCount();
            _buffer = buffer;
        }

        return new BinaryData(bytes);
    }

    public T Deserialize<T>(BinaryData input) => serializer.Deserialize<T>(input.ToMemory())!;
}

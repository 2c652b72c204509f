using System.Buffers;
using Orleans.Serialization;
using Orleans.Storage;

namespace Banking.Storage;

/// <summary>
/// Orleans' binary format, as <see cref="OrleansGrainStorageSerializer"/> writes it, with a single allocation of the exact size instead of
/// an array that grows step by step. Thread-safe.
/// </summary>
internal sealed class OrleansBinarySerializer(Serializer serializer) : IGrainStorageSerializer
{
    private const int KeptBytes = 1 << 20;

    [ThreadStatic] private static ArrayBufferWriter<byte>? _buffer;

    public BinaryData Serialize<T>(T? input)
    {
        // The buffer is taken away while in use, as a codec may serialize another state.
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

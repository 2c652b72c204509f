namespace Banking.Streaming.Log;

/// <summary>
/// The hash of Kafka's Java client (org.apache.kafka.common.utils.Utils.murmur2), so that every producer agrees on where a key goes. Pure
/// and thread-safe.
/// </summary>
public static class Murmur2
{
    /// <summary>
    /// The partition of a key as Kafka's default partitioner chooses it: <c>(murmur2(key) &amp; 0x7fffffff) % partitions</c>.
    /// </summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (int)((Hash(key) & 0x7fffffff) % (uint)partitions);

    public static uint Hash(ReadOnlySpan<byte> bytes)
    {
        const uint M = 0x5bd1e995;
        const int R = 24;
        var h = 0x9747b28c ^ (uint)bytes.Length;
        var rest = bytes;
        while (rest.Length >= 4)
        {
            var k = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(rest) * M;
            k ^= k >> R;
            h = (h * M) ^ (k * M);
            rest = rest[4..];
        }

        if (rest.Length == 3) h ^= (uint)rest[2] << 16;
        if (rest.Length >= 2) h ^= (uint)rest[1] << 8;
        if (rest.Length >= 1) h = (h ^ rest[0]) * M;
        h ^= h >> 13;
        h *= M;
        return h ^ (h >> 15);
    }
}

using System.Text;
using Banking.Events;
using Banking.Streaming.Log;

namespace Banking.Silo.Streams;

/// <summary>Where an account's events go: where Kafka's clients would put a record with the account's id as its key.</summary>
internal sealed class EventPartitions([FromKeyedServices(GameNames.Streams)] IPartitionedLog log) : IEventPartitions
{
    public int Count => log.PartitionCount;

    public int Of(string accountId)
    {
        Span<byte> small = stackalloc byte[512];
        var key = Encoding.UTF8.GetMaxByteCount(accountId.Length) <= small.Length
            ? small[..Encoding.UTF8.GetBytes(accountId, small)]
            : Encoding.UTF8.GetBytes(accountId);
        return Murmur2.Partition(key, log.PartitionCount);
    }
}

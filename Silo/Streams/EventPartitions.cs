using System.Text;
using Banking.Events;
using Banking.Streaming.Log;

namespace Banking.Silo.Streams;

/// <summary>Where an account's events go: where Kafka's clients would put a record with the account's id as its key.</summary>
internal sealed class EventPartitions([FromKeyedServices(GameNames.Streams)] IPartitionedLog log) : IEventPartitions
{
    // Once known, so that no action asks a log that throws while it is not open.
    private int _count;

    public int? Count
    {
        get
        {
            if (_count > 0) return _count;
            try
            {
                return _count = log.PartitionCount;
            }
            catch (LogException)
            {
                return null;
            }
        }
    }

    public int? Of(string accountId)
    {
        if (Count is not { } count) return null;
        Span<byte> small = stackalloc byte[512];
        var key = Encoding.UTF8.GetMaxByteCount(accountId.Length) <= small.Length
            ? small[..Encoding.UTF8.GetBytes(accountId, small)]
            : Encoding.UTF8.GetBytes(accountId);
        return Murmur2.Partition(key, count);
    }
}

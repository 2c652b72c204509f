using System.Text;
using Banking.Events;
using Banking.Streaming.Log;

namespace Banking.Silo.Streams;

/// <summary>Puts an account's events where Kafka's clients would put a record with the account's id as its key.</summary>
internal sealed class EventPartitions([FromKeyedServices(GameNames.Streams)] IPartitionedLog log) : IEventPartitions
{
    private volatile EventPartition[]? _known;

    public int? Count => Known?.Length;

    public bool HasGrown => Known is { } known && log.LatestPartitionCount > known.Length;

    // The stream's own limit on a record's size is reported as an invalid argument.
    public bool IsRefusal(Exception failure) => failure is RecordRefusedException or ArgumentException;

    // Kept, so that actions don't ask a log that throws while it is not open.
    private EventPartition[]? Known
    {
        get
        {
            if (_known is { } known) return known;
            try
            {
                var id = log.LogId;
                return _known = [.. Enumerable.Range(0, log.PartitionCount).Select(number => new EventPartition(id, number))];
            }
            catch (LogException)
            {
                return null;
            }
        }
    }

    public EventPartition? Of(string accountId)
    {
        if (Known is not { } known) return null;
        Span<byte> small = stackalloc byte[512];
        var key = Encoding.UTF8.GetMaxByteCount(accountId.Length) <= small.Length
            ? small[..Encoding.UTF8.GetBytes(accountId, small)]
            : Encoding.UTF8.GetBytes(accountId);
        return known[Murmur2.Partition(key, known.Length)];
    }
}

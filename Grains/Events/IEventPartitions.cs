namespace Banking.Events;

/// <summary>How many partitions the game's events have, and which of them an account belongs to. Thread-safe.</summary>
public interface IEventPartitions
{
    /// <summary>How many partitions this silo spreads accounts over; fixed once it is known. Null while the log is not open.</summary>
    int? Count { get; }

    /// <summary>
    /// Whether the log now has more partitions than <see cref="Count"/>: silos that started later spread accounts over more.
    /// </summary>
    bool HasGrown { get; }

    /// <summary>
    /// Whether a failed append means that one of its events can never be appended as it is (because it is too large, say). Then the others
    /// may be appended without it, and it is certain that it is not in the log.
    /// </summary>
    bool IsRefusal(Exception failure) => false;

    /// <summary>
    /// Where this silo would put an account's first event; null while the log is not open. It is the same for every producer of the topic
    /// that knows the same <see cref="Count"/>, in any language: murmur2 of the UTF-8 id, as in Kafka's clients.
    /// </summary>
    EventPartition? Of(string accountId);
}

namespace Banking.Events;

/// <summary>How many partitions the game's events have, and which one is an account's. Thread-safe.</summary>
public interface IEventPartitions
{
    /// <summary>How many partitions this silo spreads accounts over; fixed once it is known. Null while the log is not open.</summary>
    int? Count { get; }

    /// <summary>The log has more partitions by now than <see cref="Count"/>: silos that began later spread accounts over more.</summary>
    bool HasGrown { get; }

    /// <summary>
    /// Whether a failed append says that one of its events can never be appended as it is (it is too large, say): then the others may be
    /// without it, and nothing is unknown
    /// of it.
    /// </summary>
    bool IsRefusal(Exception failure) => false;

    /// <summary>
    /// Where this silo would put an account's first event; null while the log is not open. The same for every producer of the topic that
    /// knows the same <see cref="Count"/>, in whatever language: murmur2 of the UTF-8 id, as Kafka's clients do it.
    /// </summary>
    EventPartition? Of(string accountId);
}

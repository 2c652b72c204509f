namespace Banking.Events;

/// <summary>
/// Which partition an account's events go to when the log may get more partitions. The lake drops duplicates within a partition, so an
/// event that may have been published to one must never be published to another. And an account's later event must not be readable before
/// an earlier one. Pure.
/// </summary>
internal static class PartitionRules
{
    /// <summary>Whether the log has the partition. A partition chosen for a log that is gone counts as none.</summary>
    public static bool IsOfThisLog(EventPartition? current, EventPartition? own) => current is not null && current.Log == own?.Log;

    /// <summary>
    /// Whether an account should move to another partition. A silo whose own count is too small moves nobody, as it would move accounts
    /// back.
    /// </summary>
    /// <param name="own">Where this silo would put it; null while the log is not open.</param>
    /// <param name="hasGrown">Whether the log has more partitions than this silo spreads accounts over.</param>
    public static bool WantsToMove(EventPartition? current, EventPartition? own, bool hasGrown) =>
        IsOfThisLog(current, own) && current != own && !hasGrown;

    /// <summary>The partition for what an account publishes next.</summary>
    /// <param name="current">Where its last events went, or where its waiting events are to go.</param>
    /// <param name="mayMove">True if the account wants to move, the log has confirmed all of its events, and all of them are durable in the
    /// lake.</param>
    public static EventPartition? Next(EventPartition? current, EventPartition? own, bool mayMove) =>
        own is null || (IsOfThisLog(current, own) && !mayMove) ? current : own;
}

/// <summary>A partition of the game's events. Two are equal if they are the same place, wherever an account's events begin there.</summary>
/// <param name="Log">The id of the log: the same number in a log that took this one's place is another partition.</param>
/// <param name="Number">From 0.</param>
/// <param name="FirstNumber">In an account's record: the sequence number of the account's first event there. It is 0 in records of earlier
/// builds, which did not keep it; 0 is taken as 1.</param>
[GenerateSerializer, Immutable, Alias("banking.event-partition")]
public sealed record EventPartition([property: Id(0)] string Log, [property: Id(1)] int Number, [property: Id(2)] long FirstNumber = 1)
{
    public bool Equals(EventPartition? other) => other is not null && Log == other.Log && Number == other.Number;

    public override int GetHashCode() => HashCode.Combine(Log, Number);
}

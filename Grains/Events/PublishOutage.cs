using System.Collections.Immutable;

namespace Banking.Events;

/// <summary>States that the log does not take a silo's events.</summary>
/// <param name="Since">The time of the first failure that was not followed by a success of its partition (UTC).</param>
/// <param name="LastAt">The time of the last failure (UTC).</param>
/// <param name="Reason">What the last failure said.</param>
/// <param name="Partitions">The partitions whose last attempt failed.</param>
public sealed record PublishOutage(DateTimeOffset Since, DateTimeOffset LastAt, string Reason, ImmutableHashSet<int> Partitions)
{
    /// <summary>Stands for all partitions while it is not known which there are.</summary>
    internal const int AnyPartition = -1;

    /// <summary>The outage with one more failure.</summary>
    internal static PublishOutage After(PublishOutage? before, int partition, string reason, DateTimeOffset now) => before is null
        ? new PublishOutage(now, now, reason, [partition])
        : before with { LastAt = now, Reason = reason, Partitions = before.Partitions.Add(partition) };

    /// <summary>The outage after a success; null if no failure is left.</summary>
    internal PublishOutage? Without(int partition)
    {
        var left = Partitions.Remove(partition).Remove(AnyPartition);
        return left.IsEmpty ? null : this with { Partitions = left };
    }
}

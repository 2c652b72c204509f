using Banking.Events;
using Banking.Streaming.Log;

namespace Banking.Silo.Streams;

/// <summary>How far the lake is, by what its consumer group says to the log.</summary>
internal sealed class LakeProgress([FromKeyedServices(GameNames.Streams)] IPartitionedLog log) : ILakeProgress
{
    /// <summary>The consumer group of the lake: below its offset everything is durable there.</summary>
    public const string Group = "lake";

    public async ValueTask<long> GetEnd(int partition, CancellationToken cancellationToken) => (await log.GetBoundsAsync(partition, cancellationToken)).Next;

    public async ValueTask<long> GetDurable(int partition, CancellationToken cancellationToken) =>
        await log.GetCommittedAsync(Group, partition, cancellationToken) ?? 0;
}

using System.Globalization;
using Banking.Events;
using Banking.Lake;
using Banking.Streaming.Log;

namespace Banking.Silo.Streams;

/// <summary>
/// How far the lake has got, according to its sinks: the offset of their consumer group is only for people to look at, and they may also
/// move it.
/// </summary>
internal sealed class LakeProgress([FromKeyedServices(GameNames.Streams)] IPartitionedLog log, IGrainFactory grains) : ILakeProgress
{
    /// <summary>The consumer group of the lake.</summary>
    public const string Group = "lake";

    public async ValueTask<long> GetEndAsync(int partition, CancellationToken cancellationToken) =>
        (await log.GetBoundsAsync(partition, cancellationToken)).Next;

    public async ValueTask<long> GetDurableAsync(int partition, CancellationToken cancellationToken)
    {
        var sink = grains.GetGrain<ISinkGrain>(partition.ToString(CultureInfo.InvariantCulture));
        return (await sink.GetStatus().WaitAsync(cancellationToken)).DurableOffset;
    }
}

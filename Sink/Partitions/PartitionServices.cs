using Banking.Lake.Files;
using Banking.Lake.Identity;
using Banking.Lake.Store;
using Banking.Sink.Catalog;
using Banking.Sink.Diagnostics;
using Banking.Sink.Numbers;
using Banking.Sink.Settings;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

/// <summary>What all partitions of a silo share.</summary>
internal sealed record PartitionServices(
    ILakeStore Store, IPartitionedLog Log, ParquetEncoder Encoder, SinkMetrics Metrics, LakeSinkOptions Options, TimeProvider Time,
    ILogger<PartitionSink> Logger)
{
    /// <summary>
    /// Where unreadable records go under <see cref="Streaming.FailurePolicy.DeadLetter"/>; null if the log has no such place.
    /// </summary>
    public IDeadLetterLog? DeadLetters { get; init; }

    /// <summary>Which records may claim an account's numbers.</summary>
    public EventClaims Claims { get; init; } = new();

    /// <summary>Whose the lake is.</summary>
    public LakeOwnership Ownership { get; init; } = new(new LakeIdentityFiles(Store), null);

    /// <summary>Who hears of days that have new files; null if there is no catalog.</summary>
    public CatalogNotices? Notices { get; init; }
}

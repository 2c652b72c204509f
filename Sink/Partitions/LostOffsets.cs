using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Streaming;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

/// <summary>What becomes of a partition whose log no longer has what the lake lacks: never passed unseen.</summary>
internal static partial class LostOffsets
{
    /// <summary>Returns if the policy is to go on without them.</summary>
    /// <exception cref="LostOffsetsException">It is not.</exception>
    public static void Accept(PartitionServices services, ChainId chain, OffsetRange lost)
    {
        if (lost.IsEmpty) return;
        if (services.Options.LostOffsetPolicy != LostOffsetPolicy.Continue) throw new LostOffsetsException(chain, lost.First, lost.Last);
        services.Metrics.LostOffsets(chain.Partition, lost.Count);
        LogLost(services.Logger, chain, lost.First, lost.Last);
    }

    public static void Doubt(PartitionServices services, ChainId chain, OffsetRange doubtful)
    {
        if (!doubtful.IsEmpty) LogDoubtful(services.Logger, chain, doubtful.First, doubtful.Last);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Chain}: the log no longer has the offsets {First} to {Last}, and the lake lacks "
        + "them; it goes on without them.")]
    private static partial void LogLost(ILogger logger, ChainId chain, long first, long last);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "{Chain}: the log no longer has the offsets {First} to {Last}, and no file says that all of them is in the lake. They were "
                + "looked at; if their owner died before it wrote every table's file, rows are missing.")]
    private static partial void LogDoubtful(ILogger logger, ChainId chain, long first, long last);
}

/// <summary>The log no longer has records that the lake lacks, and the policy is that a person decides.</summary>
public sealed class LostOffsetsException(ChainId chain, long first, long last)
    : LakeRefusalException(
        $"{chain}: the log no longer has the offsets {first} to {last}, and the lake lacks them: retention took them, or the log lost its "
            + "beginning. "
        + "Nothing is taken in. To go on without them, set the policy for lost offsets (Banking:Log:LostOffsets) to Continue.");

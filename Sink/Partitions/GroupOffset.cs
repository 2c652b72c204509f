using Banking.Lake.Files;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

/// <summary>Where the sink's consumer group stands in a partition. Belongs to one <see cref="PartitionSink"/>.</summary>
internal sealed partial class GroupOffset(PartitionServices services, ChainId chain)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private readonly FailureSeries _failures = new(services.Time);
    private long _committedOffset = -1;
    private long _committedAt;
    private long _lookedAt = services.Time.GetTimestamp();

    /// <summary>Commits an offset, unless the group stands there.</summary>
    /// <param name="durable">Below it everything is durable.</param>
    public async Task CommitAsync(long durable, CancellationToken cancellationToken)
    {
        try
        {
            var isRecent = services.Time.GetElapsedTime(_committedAt) < GroupOffsets.RenewAfter;
            if (durable == _committedOffset && isRecent && !await IsMovedAsync(durable, cancellationToken)) return;
            await services.Log.CommitAsync(services.Options.Group, chain.Partition, durable, cancellationToken);
            (_committedOffset, _committedAt) = (durable, services.Time.GetTimestamp());
            if (_failures.End() is > 0 and var failures) LogOffsetCommittedAgain(services.Logger, chain, durable, failures);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // People look at it, and the embedded log's retention; the next tick tries again.
            if (_failures.Add()) LogOffsetNotCommitted(services.Logger, e is LogException ? null : e, chain, durable, e.Message);
        }
    }

    /// <summary>
    /// Looks now and then whether the group still stands where it was put: an owner that does not know yet that it is none any more puts
    /// it to where it is itself, and people may put it anywhere. What is further than the lake is would have the embedded log's retention
    /// take what the lake lacks.
    /// </summary>
    private async ValueTask<bool> IsMovedAsync(long offset, CancellationToken cancellationToken)
    {
        if (services.Time.GetElapsedTime(_lookedAt) < LookEvery) return false;
        _lookedAt = services.Time.GetTimestamp();
        return (await services.Log.GetCommittedAsync(services.Options.Group, chain.Partition, cancellationToken) ?? -1) != offset;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "{Chain}: offset {Offset} is durable but could not be committed to the log; it is tried every second until it can. {Reason}")]
    private static partial void LogOffsetNotCommitted(ILogger logger, Exception? exception, ChainId chain, long offset, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Chain}: offset {Offset} is committed to the log, after {Failures} failures.")]
    private static partial void LogOffsetCommittedAgain(ILogger logger, ChainId chain, long offset, int failures);
}

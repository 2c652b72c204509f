using Banking.Lake.Events;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Streaming.Log;

namespace Banking.Sink.Partitions;

/// <summary>Holds what the lake has looked at against what the log has there now.</summary>
internal static class LogComparison
{
    /// <exception cref="LogDivergedException">The log has another record there, or none.</exception>
    public static async Task CheckAsync(IPartitionedLog log, ChainId chain, RecordMark mark, CancellationToken cancellationToken)
    {
        if (await CompareAsync(log, chain, mark, cancellationToken) is { } divergence) throw divergence;
    }

    /// <returns>Null if the log has the very record, or had it until retention took it.</returns>
    public static async Task<LogDivergedException?> CompareAsync(
        IPartitionedLog log, ChainId chain, RecordMark mark, CancellationToken cancellationToken)
    {
        var bounds = await log.GetBoundsAsync(chain.Partition, cancellationToken);
        if (mark.Offset < bounds.First) return null;
        if (mark.Offset >= bounds.Next) return new LogDivergedException(chain, mark, null, bounds.Next);
        var found = await TryReadAsync(log, chain.Partition, mark.Offset, cancellationToken);
        return found.IsRetained && found.Mark != mark ? new LogDivergedException(chain, mark, found.Mark, bounds.Next) : null;
    }

    private static async Task<(bool IsRetained, RecordMark? Mark)> TryReadAsync(
        IPartitionedLog log, int partition, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = await log.OpenReaderAsync(partition, offset, cancellationToken);
            var records = await reader.ReadAsync(1, cancellationToken);
            return (true, records is [var record, ..] && record.Offset == offset ? RecordMark.Of(record.ForLake()) : null);
        }
        catch (OffsetOutOfRangeException e)
        {
            return (offset >= e.Bounds.First, null);
        }
    }
}

internal static class LogRecords
{
    /// <summary>What the lake takes of a record: key and headers stay in the log.</summary>
    public static LakeRecord ForLake(this in LogRecord record) => new(record.Offset, record.Timestamp, record.Value);
}

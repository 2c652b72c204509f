using System.Globalization;
using Banking.Lake.Events;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Store;
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

/// <summary>
/// The lake has looked at a record that the log does not have: the log lost its end, as by an older copy, an unclean leader or a power
/// cut, and may have grown again since. Going on would drop its new records as known ones.
/// </summary>
public sealed class LogDivergedException(ChainId chain, RecordMark mark, RecordMark? found, long logNext) : LakeRefusalException(
    $"{chain}: the lake has looked at the record at offset {mark.Offset} of {TimeOf(mark)} UTC, and the log "
        + $"{Describe(mark, found, logNext)}. "
    + "The log lost its end, or an older copy of it was put back. Nothing of the partition is written, so that no new event is taken for "
    + "a known one. "
    + "Put the right log back, or run 'Client repair', which says what is missing and how to go on.")
{
    /// <summary>What the lake has looked at.</summary>
    public RecordMark Mark => mark;

    private static string Describe(RecordMark mark, RecordMark? found, long logNext) => found switch
    {
        { } other when other.Timestamp == mark.Timestamp => "has another one of the same time there",
        { } other => $"has another one there, of {TimeOf(other)} UTC",
        null when mark.Offset >= logNext => $"ends at offset {logNext - 1}",
        null => "has none there",
    };

    internal static string TimeOf(RecordMark mark) => LogTime.ToUtc(mark.Timestamp).ToString(LogTime.Format, CultureInfo.InvariantCulture);
}

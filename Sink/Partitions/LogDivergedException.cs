using System.Globalization;
using Banking.Lake.Events;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Store;

namespace Banking.Sink.Partitions;

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

using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Tables;

namespace Banking.Lake.Chains;

/// <summary>
/// Where the next rows of a table's chain go: from which offset, and into which day's folder. For the chain's owner; not thread-safe.
/// </summary>
internal sealed class ChainEnd(ChainTail tail, TimeProvider time)
{
    private DateOnly? _day = tail.Day;

    /// <summary>The end of what is committed.</summary>
    public ChainTail Tail { get; set; } = tail;

    /// <summary>The day of the row that comes next. A file has rows of one day only.</summary>
    public DateOnly DayOf(ParsedEvent row, DateTimeOffset now)
    {
        var day = DayRule.Next(_day, row.Number(EventField.RecordTime), DateOnly.FromDateTime(now.UtcDateTime));
        _day = day;
        return day;
    }

    /// <summary>
    /// What the next commit of these rows takes; null when none is left. To be asked after each commit, as another owner's file may cover
    /// some of the rows by then.
    /// </summary>
    public (long Start, int From, DateOnly Day)? Left(RowBuffer rows)
    {
        var from = rows.RowsBelow(Tail.NextStart);
        if (from == rows.Count) return null;
        return (Tail.NextStart, from, DayRule.Later(Tail.Day, rows.Day, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)));
    }
}

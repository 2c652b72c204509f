using Banking.Lake.Events;

namespace Banking.Lake.Chains;

/// <summary>Which day's folder a row belongs to. Pure.</summary>
internal static class DayRule
{
    /// <summary>
    /// The day (UTC) of the record's time. It is never after today, as a producer may write any time. It is not before the previous row's
    /// day either, so that late rows around midnight don't make a file each (<see cref="Later"/>).
    /// </summary>
    public static DateOnly Next(DateOnly? previous, long recordTime, DateOnly today)
    {
        var day = LogTime.Day(recordTime);
        return Later(previous, day > today ? today : day, today);
    }

    /// <summary>
    /// The later of two days, unless the chain's last day is more than one day ahead of the clock: then a clock was wrong when it was
    /// written, and later rows need not follow it.
    /// </summary>
    public static DateOnly Later(DateOnly? last, DateOnly day, DateOnly today) =>
        last is { } floor && floor > day && floor.DayNumber <= today.DayNumber + 1 ? floor : day;
}

using Banking.Sink.Events;

namespace Banking.Sink.Chains;

/// <summary>Which day's folder a row belongs to. Pure.</summary>
internal static class DayRule
{
    /// <summary>
    /// The day (UTC) of the record's time, but never after today, as a producer's clock may be anything, and never before the previous
    /// row's day, so that late rows around midnight don't make a file each.
    /// </summary>
    public static DateOnly Next(DateOnly? previous, long recordTime, DateOnly today)
    {
        var day = LogTime.Day(recordTime);
        if (day > today) day = today;
        return previous is { } floor && floor > day ? floor : day;
    }
}

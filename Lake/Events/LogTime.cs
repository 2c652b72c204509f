namespace Banking.Lake.Events;

/// <summary>Times of log records, in milliseconds since 1970-01-01 UTC. Producers may write any number there. Pure.</summary>
internal static class LogTime
{
    /// <summary>How the lake writes times, in UTC.</summary>
    public const string Format = "yyyy-MM-dd HH:mm:ss.fff";

    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The nearest time that a <see cref="DateTime"/> can hold.</summary>
    public static DateTime ToUtc(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, Earliest, Latest)).UtcDateTime;

    public static DateOnly Day(long milliseconds) => DateOnly.FromDateTime(ToUtc(milliseconds));
}

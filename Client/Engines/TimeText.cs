using System.Globalization;

namespace Banking.Client.Engines;

/// <summary>
/// How moments are written: in ISO 8601 and UTC or, if a zone is asked for, as its local time with the offset. Engines calculate in UTC
/// either way. Pure.
/// </summary>
/// <param name="Zone">Null for UTC.</param>
internal sealed record TimeText(TimeZoneInfo? Zone)
{
    private const string Form = "yyyy-MM-ddTHH:mm:ss.FFFFFF";

    public static TimeText Utc { get; } = new((TimeZoneInfo?)null);

    /// <summary>A timestamp without a zone; the lake's are UTC.</summary>
    public string Timestamp(DateTime utc) => Zone is null ? utc.ToString(Form, CultureInfo.InvariantCulture) : InZone(utc, Zone);

    /// <summary>A timestamp with a zone.</summary>
    public string Instant(DateTime utc) => Zone is null ? utc.ToString(Form + "'Z'", CultureInfo.InvariantCulture) : InZone(utc, Zone);

    private static string InZone(DateTime utc, TimeZoneInfo zone)
    {
        utc = DateTime.SpecifyKind(utc, DateTimeKind.Utc);
        var offset = zone.GetUtcOffset(utc);
        var ticks = utc.Ticks + offset.Ticks;
        // At the limits of what a date can be, there is no local time.
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return utc.ToString(Form + "'Z'", CultureInfo.InvariantCulture);
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        return new DateTime(ticks).ToString(Form, CultureInfo.InvariantCulture) + sign + offset.ToString(
            "hh\\:mm", CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Banking.Silo.Settings;

/// <summary>What a setting's value looks like, in words and as a test of it.</summary>
/// <param name="Kind">Its name in a list.</param>
/// <param name="Words">What follows "must be".</param>
/// <param name="Fits">Whether a value has the form.</param>
internal sealed partial record SettingForm(string Kind, string Words, Func<string, bool> Fits)
{
    /// <summary>Any text; whether it is possible is checked later.</summary>
    public static SettingForm Text { get; } = new("text", "text", _ => true);

    /// <summary>A duration with a unit, or as days, hours, minutes and seconds.</summary>
    public static SettingForm Duration { get; } =
        new("duration", "a duration such as 500ms, 30s, 2m, 12h, 7d or 1.12:30:00", value => TryParseDuration(value, out _));

    private static SettingForm Date { get; } = new(
        "date",
        "a date such as 2026-01-31",
        value => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));

    private static SettingForm Decimal { get; } =
        new("number", "a number", value => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static SettingForm Double { get; } = new(
        "number",
        "a number",
        value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number));

    /// <summary>Whether a value may be empty: an environment shared with another kind of program contains such settings.</summary>
    public bool MayBeEmpty { get; init; }

    /// <returns>Null for a type that is a group of settings, not a value.</returns>
    public static SettingForm? Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return Text;
        if (type == typeof(TimeSpan)) return Duration;
        if (type == typeof(bool)) return new("true or false", "true or false", value => bool.TryParse(value, out _));
        if (type == typeof(DateOnly)) return Date;
        if (type == typeof(decimal)) return Decimal;
        if (type == typeof(double)) return Double;
        if (type == typeof(short)) return Whole(short.MinValue, short.MaxValue);
        if (type == typeof(int)) return Whole(int.MinValue, int.MaxValue);
        if (type == typeof(long)) return Whole(long.MinValue, long.MaxValue);
        return type.IsEnum ? OneOf(Enum.GetNames(type)) : null;
    }

    public static SettingForm OneOf(params string[] names)
    {
        var words = $"{string.Join(", ", names[..^1])} or {names[^1]}";
        return new(words, words, value => names.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase));
    }

    /// <returns>A sentence saying what is wrong with a setting's value; null if nothing is.</returns>
    public string? FaultOf(string name, string value)
    {
        if (value.Length == 0) return MayBeEmpty ? null : NoValue(name);
        if (Fits(value)) return null;
        return this == Duration && IsWithoutUnit(value)
            ? $"{name} is {value}, without a unit: it must be {Words}."
            : $"{name} must be {Words}, not '{Shown(value)}'.";
    }

    public string NoValue(string name) => Kind == Text.Kind
        ? $"{name} has no value: give it one, or leave it out."
        : $"{name} has no value: it must be {Words}.";

    /// <summary>A duration as the binder reads it.</summary>
    public string Normalized(string value) =>
        this == Duration && TryParseDuration(value, out var duration) ? duration.ToString("c") : value;

    // The binder would read 30 as 30 days and 24:00:00 as 24 days, and 10:30 is anybody's guess.
    internal static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (Clock().IsMatch(text)) return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration);
        var match = WithUnit().Match(text);
        var digits = match.Groups["number"].ValueSpan;
        if (!match.Success || !decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return false;
        var unit = match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerDay,
        };
        if (Math.Abs(number) > long.MaxValue / unit) return false;
        duration = TimeSpan.FromTicks((long)(number * unit));
        return true;
    }

    private static SettingForm Whole(long least, long most) => new(
        "whole number",
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        value => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most);

    private static bool IsWithoutUnit(string value) => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Shown(string value) => string.Concat(value.Take(40).Select(c => char.IsControl(c) ? '?' : c));

    [GeneratedRegex(@"^-?([0-9]+\.)?([01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,7})?$")]
    private static partial Regex Clock();

    [GeneratedRegex("^(?<number>-?[0-9]+([.][0-9]+)?)(?<unit>ms|s|m|h|d)$")]
    private static partial Regex WithUnit();
}

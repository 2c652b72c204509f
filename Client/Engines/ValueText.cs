using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Banking.Client.Engines;

/// <summary>How values are written, whichever engine they come from. Pure.</summary>
internal static class ValueText
{
    public static QueryValue Of(double number) => Floating(number.ToString("R", CultureInfo.InvariantCulture), double.IsFinite(number));

    public static QueryValue Of(float number) => Floating(number.ToString("R", CultureInfo.InvariantCulture), float.IsFinite(number));

    public static QueryValue Of(ReadOnlySpan<byte> bytes) => new(ValueKind.Text, Convert.ToHexStringLower(bytes));

    /// <summary>An ISO 8601 duration without the parts that are 0.</summary>
    public static QueryValue Duration(long months, long days, long microseconds)
    {
        var date = (months == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{months}M")) + (
            days == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{days}D"));
        if (date.Length == 0)
        {
            return new(ValueKind.Text, System.Xml.XmlConvert.ToString(new TimeSpan(microseconds * TimeSpan.TicksPerMicrosecond)));
        }
        return new(
            ValueKind.Text,
            "P" + date + (microseconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"T{microseconds / 1e6m}S")));
    }

    public static QueryValue List(IEnumerable<QueryValue> items) => new(ValueKind.Json, "[" + string.Join(",", items.Select(ToJson)) + "]");

    public static QueryValue Object(IEnumerable<(string Name, QueryValue Value)> fields) =>
        new(ValueKind.Json, "{" + string.Join(",", fields.Select(field => $"{Quote(field.Name)}:{ToJson(field.Value)}")) + "}");

    /// <summary>A value as JSON.</summary>
    public static string ToJson(QueryValue value) => value.Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Text => Quote(value.Text),
        _ => value.Text,
    };

    /// <summary>A text as JSON.</summary>
    public static string Quote(string text) => "\"" + JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";

    // The fewest digits that read back as the same number, and always recognizable as a floating-point number. NaN and the infinities are
    // not JSON numbers.
    private static QueryValue Floating(string digits, bool finite) => finite
        ? new(ValueKind.Literal, digits.AsSpan().IndexOfAny(".E") >= 0 ? digits : digits + ".0")
        : new(ValueKind.Text, digits);
}

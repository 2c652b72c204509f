using System.Globalization;
using System.Text.Json;
using Banking.Client.Querying;

namespace Banking.Client.Engines.Presto;

/// <summary>Turns Presto's values into the same text that <see cref="DuckDbText"/> makes of DuckDB's values. Pure.</summary>
internal sealed class PrestoText(TimeText times)
{
    /// <exception cref="FormatException">It is not a value of that type.</exception>
    public QueryValue Of(JsonElement value, PrestoType type) => value.ValueKind == JsonValueKind.Null ? QueryValue.Null : type.Name switch
    {
        "array" => InPlace(value, list => ValueText.List(list.EnumerateArray().Select(item => Of(item, type[0])))),
        "map" => InPlace(
            value,
            map => ValueText.Object(map.EnumerateObject().Select(entry => (Scalar(entry.Name, type[0]).Text, Of(entry.Value, type[1]))))),
        "row" => InPlace(value, row => Row(row, type)),
        _ => value.ValueKind switch
        {
            JsonValueKind.String => Scalar(value.GetString()!, type),
            JsonValueKind.Array => ValueText.List(value.EnumerateArray().Select(item => Of(item, PrestoType.Unknown))),
            JsonValueKind.Object =>
                ValueText.Object(value.EnumerateObject().Select(field => (field.Name, Of(field.Value, PrestoType.Unknown)))),
            _ when type == PrestoType.Unknown => new QueryValue(ValueKind.Literal, value.GetRawText()),
            _ => Scalar(value.GetRawText(), type),
        },
    };

    private QueryValue Scalar(string text, PrestoType type) => type.Name switch
    {
        "boolean" or "tinyint" or "smallint" or "integer" or "bigint" or "decimal" => new QueryValue(ValueKind.Literal, text),
        "double" => ValueText.Of(double.Parse(text, CultureInfo.InvariantCulture)),
        "real" => ValueText.Of(float.Parse(text, CultureInfo.InvariantCulture)),
        "timestamp" or "timestamp with time zone" when times.Zone is not null && Moment(text) is { } moment =>
            new QueryValue(ValueKind.Text, times.Instant(moment.UtcDateTime)),
        "timestamp" or "timestamp with time zone" => new QueryValue(ValueKind.Text, Timestamp(text)),
        "time" or "time with time zone" => new QueryValue(ValueKind.Text, Time(text)),
        "varbinary" => ValueText.Of(Convert.FromBase64String(text)),
        "interval day to second" => DayToSecond(text),
        "interval year to month" => YearToMonth(text),
        _ => new QueryValue(ValueKind.Text, text),
    };

    // Depending on its version, Presto sends a nested value as a text that contains JSON, or as JSON.
    private static QueryValue InPlace(JsonElement value, Func<JsonElement, QueryValue> read)
    {
        if (value.ValueKind != JsonValueKind.String) return read(value);
        using var inner = JsonDocument.Parse(value.GetString()!);
        return read(inner.RootElement);
    }

    // A row whose fields have no names is an array, as Presto's own cast to JSON makes it.
    private QueryValue Row(JsonElement row, PrestoType type)
    {
        var values = row.EnumerateArray().Select((field, i) => Of(field, type[i]));
        return type.FieldNames.Length == 0 || type.FieldNames.Contains(null) ? ValueText.List(values) : ValueText.Object(
            type.FieldNames.Zip(values, (name, value) => (name!, value)));
    }

    // '2026-01-02 03:04:05.000', optionally followed by a space and a zone.
    private static string Timestamp(string text)
    {
        var day = text.IndexOf(' ', StringComparison.Ordinal);
        return day < 0 ? text : $"{text[..day]}T{Time(text[(day + 1)..])}";
    }

    /// <summary>Null if .NET can't represent the moment: its years begin with 1, and not every machine has every zone.</summary>
    private static DateTimeOffset? Moment(string text)
    {
        var words = text.Split(' ');
        const string Form = "yyyy-MM-dd HH:mm:ss.FFFFFF";
        if (words.Length < 2) return null;
        var time = $"{words[0]} {words[1]}";
        if (!DateTime.TryParseExact(time, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return null;
        var zone = words.Length > 2 ? words[2] : "UTC";
        if (zone is ['+' or '-', ..])
        {
            var text8601 = $"{local:yyyy-MM-ddTHH:mm:ss.ffffff}{zone}";
            return DateTimeOffset.TryParse(text8601, CultureInfo.InvariantCulture, out var moment) ? moment : null;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) && !known.IsInvalidTime(local)
            ? new DateTimeOffset(local, known.GetUtcOffset(local))
            : null;
    }

    private static string Time(string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        var (time, zone) = end < 0 ? (text, "") : (text[..end], text[(end + 1)..]);
        if (time.Contains('.', StringComparison.Ordinal)) time = time.TrimEnd('0').TrimEnd('.');
        // ISO 8601 knows UTC and offsets; a named zone is kept after a space.
        return time + (zone switch { "" => "", "UTC" => "Z", ['+' or '-', ..] => zone, _ => " " + zone });
    }

    // '3 04:05:06.007'; a minus sign applies to the whole duration.
    private static QueryValue DayToSecond(string text)
    {
        var sign = text.StartsWith('-') ? -1 : 1;
        var parts = text.TrimStart('-').Split(' ', ':', '.').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        if (parts.Length != 5) throw new FormatException($"'{text}' is no interval.");
        return ValueText.Duration(0, sign * parts[0], sign * ((((parts[1] * 60 + parts[2]) * 60 + parts[3]) * 1_000 + parts[4]) * 1_000));
    }

    // '1-2': a year and two months.
    private static QueryValue YearToMonth(string text)
    {
        var parts = text.TrimStart('-').Split('-').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        if (parts.Length != 2) throw new FormatException($"'{text}' is no interval.");
        return ValueText.Duration((text.StartsWith('-') ? -1 : 1) * (parts[0] * 12 + parts[1]), 0, 0);
    }
}

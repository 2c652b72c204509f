using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Banking.Lake.Tables;

namespace Banking.Lake.Events;

/// <summary>Turns the text of a JSON number, or of a string that holds one, into what the column stores. Pure.</summary>
internal static class EventValues
{
    /// <summary>The largest unscaled value of DECIMAL(18, x).</summary>
    public const long LargestDecimal = 999_999_999_999_999_999;

    private static readonly SearchValues<byte> TimeCharacters = SearchValues.Create("0123456789-:.+TZ"u8);

    public static bool IsNumber(EventField field) => EventFields.TypeOf(field) != LakeColumnType.Text;

    public static bool TryNumber(EventField field, ReadOnlySpan<byte> text, out long value) => EventFields.TypeOf(field) switch
    {
        LakeColumnType.Integer => TryWhole(text, out value) && value is >= int.MinValue and <= int.MaxValue,
        LakeColumnType.Timestamp => TryTime(text, out value),
        LakeColumnType.Decimal => TryDecimal(text, EventFields.ScaleOf(field), out value),
        _ => TryWhole(text, out value),
    };

    /// <summary>Whole numbers, also those written as <c>10.0</c> or <c>1e1</c>.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) return value != ParsedEvent.None;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || number != decimal.Truncate(number) || number is <= long.MinValue or > long.MaxValue)
        {
            return false;
        }

        value = (long)number;
        return true;
    }

    /// <summary>The unscaled value of a DECIMAL(18, <paramref name="scale"/>); false if it would have to be rounded or cut.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, int scale, out long value)
    {
        value = 0;
        var digits = 0;
        var fraction = -1;
        var negative = text.Length > 0 && text[0] == '-';
        foreach (var c in negative ? text[1..] : text)
        {
            if (c == '.' && fraction < 0) fraction = 0;
            else if ((uint)(c - '0') > 9 || ++digits > 18 || fraction >= scale) return TryUnusualDecimal(text, scale, out value);
            else
            {
                value = (value * 10) + (c - '0');
                if (fraction >= 0) fraction++;
            }
        }

        if (digits == 0) return false;
        for (var i = Math.Max(fraction, 0); i < scale; i++)
        {
            if (value > LargestDecimal / 10) return false;
            value *= 10;
        }

        if (negative) value = -value;
        return true;
    }

    private static bool TryUnusualDecimal(ReadOnlySpan<byte> text, int scale, out long value)
    {
        value = 0;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return false;
        var unit = 1m;
        for (var i = 0; i < scale; i++) unit *= 10;
        if (Math.Abs(number) > LargestDecimal / unit) return false;
        var unscaled = number * unit;
        if (unscaled != decimal.Truncate(unscaled)) return false;
        value = (long)unscaled;
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out long value)
    {
        value = ParsedEvent.None;
        Span<byte> quoted = stackalloc byte[66];
        if (text.Length > quoted.Length - 2 || text.ContainsAnyExcept(TimeCharacters)) return false;
        quoted[0] = (byte)'"';
        text.CopyTo(quoted[1..]);
        quoted[text.Length + 1] = (byte)'"';
        var reader = new Utf8JsonReader(quoted[..(text.Length + 2)]);
        if (!reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time)) return false;
        value = time.ToUnixTimeMilliseconds();
        return true;
    }
}

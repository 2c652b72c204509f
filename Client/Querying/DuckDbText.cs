using System.Collections;
using System.Globalization;
using System.Numerics;
using Banking.Client.Engines;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Banking.Client.Querying;

/// <summary>DuckDB's values as exact text. Pure.</summary>
internal sealed class DuckDbText(TimeText times)
{
    public static bool IsNumeric(string type) => type is "TinyInt" or "SmallInt" or "Integer" or "BigInt" or "HugeInt" or "UnsignedTinyInt"
        or "UnsignedSmallInt" or "UnsignedInteger" or "UnsignedBigInt" or "UnsignedHugeInt" or "Float" or "Double" or "Decimal";

    public QueryValue Of(DuckDBDataReader reader, int column)
    {
        if (reader.IsDBNull(column)) return QueryValue.Null;
        // The package's own conversions lose a sum's trailing zeros, overflow above 28 digits, and refuse months.
        return reader.GetDataTypeName(column) switch
        {
            "Decimal" => new QueryValue(ValueKind.Literal, Exact(reader.GetFieldValue<DuckDBDecimal>(column))),
            "Interval" => Duration(reader.GetFieldValue<DuckDBInterval>(column)),
            "TimestampTz" => new QueryValue(ValueKind.Text, times.Instant(reader.GetDateTime(column))),
            _ => Of(reader, column, reader.GetName(column)),
        };
    }

    private QueryValue Of(DuckDBDataReader reader, int column, string name)
    {
        try
        {
            return Of(reader.GetValue(column));
        }
        catch (InvalidCastException failure)
        {
            // The package can't read a list that contains a null, or a date outside .NET's years.
            throw new QueryRefusedException(
                $"The column {name} holds a value that can't be shown as it is; select to_json({name}) or {name}::VARCHAR instead.",
                failure);
        }
    }

    private QueryValue Of(object? value) => value switch
    {
        null or DBNull => QueryValue.Null,
        string text => new QueryValue(ValueKind.Text, text),
        bool flag => new QueryValue(ValueKind.Literal, flag ? "true" : "false"),
        double number => ValueText.Of(number),
        float number => ValueText.Of(number),
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal or BigInteger =>
            new QueryValue(ValueKind.Literal, ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        DateTime time => new QueryValue(ValueKind.Text, times.Timestamp(time)),
        DateOnly day => new QueryValue(ValueKind.Text, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        TimeOnly time => new QueryValue(ValueKind.Text, time.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)),
        Stream bytes => Hex(bytes),
        IDictionary map => ValueText.Object(Entries(map)),
        IEnumerable list => ValueText.List(list.Cast<object?>().Select(Of)),
        _ => new QueryValue(ValueKind.Text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    // Only foreach over the non-generic interface gives entries: a generic dictionary is a sequence of pairs.
    private IEnumerable<(string Name, QueryValue Value)> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map) yield return (Of(entry.Key).Text, Of(entry.Value));
    }

    private static string Exact(DuckDBDecimal value)
    {
        var number = value.Value.ToBigInteger();
        var digits = BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture).PadLeft(value.Scale + 1, '0');
        var sign = number.Sign < 0 ? "-" : "";
        return value.Scale == 0 ? sign + digits : $"{sign}{digits[..^value.Scale]}.{digits[^value.Scale..]}";
    }

    private static QueryValue Duration(DuckDBInterval value) => ValueText.Duration(value.Months, value.Days, (long)value.Micros);

    private static QueryValue Hex(Stream bytes)
    {
        using (bytes)
        {
            using var copy = new MemoryStream();
            bytes.CopyTo(copy);
            return ValueText.Of(copy.GetBuffer().AsSpan(0, (int)copy.Length));
        }
    }
}

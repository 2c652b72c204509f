using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Banking.Silo.Http;

/// <summary>A number as a client wrote it. Money must not lose a digit on its way in, so it is read as a decimal or not at all.</summary>
/// <param name="Text">Null if the field was absent.</param>
[JsonConverter(typeof(JsonForm))]
public readonly record struct NumberText(string? Text)
{
    /// <summary>The number of digits that a decimal is certain to hold.</summary>
    private const int ExactDigits = 28;
    private const int MaxLength = 64;

    public bool IsAbsent => Text is null;

    /// <summary>The exact value.</summary>
    /// <returns>False if it is not a number, or has more digits than a decimal can hold.</returns>
    public bool TryGetDecimal(out decimal value)
    {
        value = 0;
        return Text is { Length: > 0 and <= MaxLength }
            && HasPlainForm(Text)
            && SignificantDigits(Text) <= ExactDigits
            && decimal.TryParse(
                Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture, out value)
            && (value != 0 || SignificantDigits(Text) == 0);
    }

    /// <summary>The exact value of a whole number; <c>10.0</c> is one.</summary>
    public bool TryGetWhole(out long value)
    {
        value = 0;
        if (!TryGetDecimal(out var number) || decimal.Truncate(number) != number || number is < long.MinValue or > long.MaxValue)
        {
            return false;
        }
        value = (long)number;
        return true;
    }

    // The grammar of JSON numbers, plus a leading plus sign or zeros, which the old front end accepted in strings.
    private static bool HasPlainForm(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) && c is not ('.' or '-' or '+' or 'e' or 'E')) return false;
        }

        return true;
    }

    private static int SignificantDigits(string text)
    {
        var mantissa = text.AsSpan();
        var exponent = mantissa.IndexOfAny('e', 'E');
        if (exponent >= 0) mantissa = mantissa[..exponent];
        var first = mantissa.IndexOfAnyInRange('1', '9');
        var last = mantissa.LastIndexOfAnyInRange('1', '9');
        return first < 0 ? 0 : last - first + 1;
    }

    /// <summary>A number, or a string that holds one.</summary>
    internal sealed class JsonForm : JsonConverter<NumberText>
    {
        public override bool HandleNull => true;

        public override NumberText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.Number => new(
                    reader.HasValueSequence
                        ? Encoding.ASCII.GetString(reader.ValueSequence)
                        : Encoding.ASCII.GetString(reader.ValueSpan)),
                JsonTokenType.String or JsonTokenType.Null => new(reader.GetString()),
                _ => throw new FieldTypeException("a number, or a string that holds one"),
            };

        public override void Write(Utf8JsonWriter writer, NumberText value, JsonSerializerOptions options)
        {
            if (value.Text is { } number) writer.WriteRawValue(number);
            else writer.WriteNullValue();
        }
    }
}

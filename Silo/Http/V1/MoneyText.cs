using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;

namespace Banking.Silo.Http.V1;

/// <summary>
/// Money, prices and quantities as strings, for clients whose numbers are doubles, which lose cents above 2⁵³ cents. Requested with
/// <c>Accept: application/json;money=string</c>.
/// </summary>
internal static class MoneyText
{
    public const string MediaType = "application/json; money=string";

    public static V1Json Json { get; } = new(
        new JsonSerializerOptions(V1Json.Default.Options) { Converters = { new AsString() }, TypeInfoResolver = null });

    public static bool IsAskedFor(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count > 0
            && accept.ToString().Contains("money", StringComparison.OrdinalIgnoreCase)
            && MediaTypeHeaderValue.TryParseList(accept, out var types)
            && types.Any(HasMoneyText);
    }

    private static bool HasMoneyText(MediaTypeHeaderValue type) =>
        type is { Type.Value: "application", SubType.Value: "json", Quality: not 0 }
        && type.Parameters.FirstOrDefault(p => p.Name.Equals("money", StringComparison.OrdinalIgnoreCase)) is { } money
        && money.GetUnescapedValue().Equals("string", StringComparison.OrdinalIgnoreCase);

    private sealed class AsString : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            decimal.Parse(reader.GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}

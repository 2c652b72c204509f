using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Banking.Silo.Http;

/// <summary>Times in UTC, always with three decimal digits of the second, which is what events and storage keep.</summary>
internal sealed class MillisecondTimes : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTime().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}

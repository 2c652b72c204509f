using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Banking.Lake.Tables;

namespace Banking.Events;

/// <summary>
/// The JSON of an event on the topic: the old pipeline's flat object (event_type, description, the request's headers under their HTTP
/// names) with the typed fields added. Absent values are left out. Pure and thread-safe.
/// </summary>
public static class GameEventJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // Names in any script stay legible to people who watch the topic.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static void Write(GameEvent happened, IBufferWriter<byte> buffer)
    {
        var json = _writer ??= new Utf8JsonWriter(buffer, Options);
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString(EventKeys.EventType, happened.EventType);
        Text(json, EventKeys.Description, happened.Description);
        if (happened.Origin is { } origin)
        {
            Text(json, EventKeys.Host, origin.Host);
            Text(json, EventKeys.UserAgent, origin.UserAgent);
            Text(json, EventKeys.Accept, origin.Accept);
            Text(json, EventKeys.AcceptEncoding, origin.AcceptEncoding);
            Text(json, EventKeys.Connection, origin.Connection);
            Text(json, EventKeys.ContentLength, origin.ContentLength);
            Text(json, EventKeys.ContentType, origin.ContentType);
        }

        Text(json, EventKeys.EventId, happened.EventId);
        Text(json, EventKeys.AccountId, happened.AccountId);
        if (happened.SequenceNumber is { } sequence) json.WriteNumber(EventKeys.SequenceNumber, sequence);
        Text(json, EventKeys.ActionId, happened.ActionId);
        Span<char> time = stackalloc char[24];
        happened.OccurredAt.UtcDateTime.TryFormat(time, out var length, TimeFormat, CultureInfo.InvariantCulture);
        json.WriteString(EventKeys.OccurredAt, time[..length]);
        Text(json, EventKeys.AssetName, happened.AssetName);
        Text(json, EventKeys.AssetType, happened.AssetType);
        if (happened.Quantity is { } quantity) json.WriteNumber(EventKeys.Quantity, quantity);
        if (happened.UnitPrice is { } price) json.WriteNumber(EventKeys.UnitPrice, price);
        if (happened.Amount is { } amount) json.WriteNumber(EventKeys.Amount, amount);
        if (happened.CashBalance is { } cash) json.WriteNumber(EventKeys.CashBalance, cash);
        json.WriteEndObject();
        json.Flush();

        // Lets go of the caller's buffer.
        json.Reset(Stream.Null);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not such an object.</exception>
    public static GameEvent Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        try
        {
            return Read(document.RootElement);
        }
        catch (InvalidOperationException e)
        {
            // Text with half a surrogate pair ("\ud800") is valid JSON, but not a valid string.
            throw new JsonException("A text of the event is not Unicode.", e);
        }
    }

    private static GameEvent Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("An event is a JSON object.");
        return new GameEvent
        {
            EventType = String(root, EventKeys.EventType) ?? throw new JsonException("The event has no event_type."),
            Description = String(root, EventKeys.Description),
            Origin = new RequestOrigin
            {
                Accept = String(root, EventKeys.Accept),
                Host = String(root, EventKeys.Host),
                UserAgent = String(root, EventKeys.UserAgent),
                ContentLength = String(root, EventKeys.ContentLength),
                AcceptEncoding = String(root, EventKeys.AcceptEncoding),
                Connection = String(root, EventKeys.Connection),
                ContentType = String(root, EventKeys.ContentType),
            },
            EventId = String(root, EventKeys.EventId),
            AccountId = String(root, EventKeys.AccountId),
            SequenceNumber = Number<long>(root, EventKeys.SequenceNumber),
            ActionId = String(root, EventKeys.ActionId),
            OccurredAt = String(root, EventKeys.OccurredAt) is { } time ? Time(time) : default,
            AssetName = String(root, EventKeys.AssetName),
            AssetType = String(root, EventKeys.AssetType),
            Quantity = Number<long>(root, EventKeys.Quantity),
            UnitPrice = Number<decimal>(root, EventKeys.UnitPrice),
            Amount = Number<decimal>(root, EventKeys.Amount),
            CashBalance = Number<decimal>(root, EventKeys.CashBalance),
        };
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new JsonException("occurred_at is no time.");

    private static string? String(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static T? Number<T>(JsonElement root, ReadOnlySpan<byte> name)
        where T : struct, IParsable<T> =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? T.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new JsonException($"{Encoding.UTF8.GetString(name)} is out of range.")
            : null;
}

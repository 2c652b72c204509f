using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Banking.Events;

/// <summary>
/// The JSON of an event on the topic: the old pipeline's flat object (event_type, description, the request's headers under their HTTP names) and the typed
/// fields beside it. Absent values are left out. Pure and thread-safe.
/// </summary>
public static class GameEventJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // Names of any script stay legible to whoever watches the topic.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static void Write(GameEvent happened, IBufferWriter<byte> buffer)
    {
        var json = _writer ??= new Utf8JsonWriter(buffer, Options);
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("event_type"u8, happened.EventType);
        Text(json, "description"u8, happened.Description);
        if (happened.Origin is { } origin)
        {
            Text(json, "Host"u8, origin.Host);
            Text(json, "User-Agent"u8, origin.UserAgent);
            Text(json, "Accept"u8, origin.Accept);
            Text(json, "Accept-Encoding"u8, origin.AcceptEncoding);
            Text(json, "Connection"u8, origin.Connection);
            Text(json, "Content-Length"u8, origin.ContentLength);
            Text(json, "Content-Type"u8, origin.ContentType);
        }

        Text(json, "event_id"u8, happened.EventId);
        Text(json, "account_id"u8, happened.AccountId);
        if (happened.SequenceNumber is { } sequence) json.WriteNumber("sequence_number"u8, sequence);
        Text(json, "action_id"u8, happened.ActionId);
        Span<char> time = stackalloc char[24];
        happened.OccurredAt.UtcDateTime.TryFormat(time, out var length, TimeFormat, CultureInfo.InvariantCulture);
        json.WriteString("occurred_at"u8, time[..length]);
        Text(json, "asset_name"u8, happened.AssetName);
        Text(json, "asset_type"u8, happened.AssetType);
        if (happened.Quantity is { } quantity) json.WriteNumber("quantity"u8, quantity);
        if (happened.UnitPrice is { } price) json.WriteNumber("unit_price"u8, price);
        if (happened.Amount is { } amount) json.WriteNumber("amount"u8, amount);
        if (happened.CashBalance is { } cash) json.WriteNumber("cash_balance"u8, cash);
        json.WriteEndObject();
        json.Flush();

        // Lets go of the caller's buffer.
        json.Reset(Stream.Null);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">Not such an object.</exception>
    public static GameEvent Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        try
        {
            return Read(document.RootElement);
        }
        catch (InvalidOperationException e)
        {
            // A text with half a surrogate pair ("\ud800") is JSON, but no string.
            throw new JsonException("A text of the event is not Unicode.", e);
        }
    }

    private static GameEvent Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("An event is a JSON object.");
        return new GameEvent
        {
            EventType = String(root, "event_type") ?? throw new JsonException("The event has no event_type."),
            Description = String(root, "description"),
            Origin = new RequestOrigin
            {
                Accept = String(root, "Accept"),
                Host = String(root, "Host"),
                UserAgent = String(root, "User-Agent"),
                ContentLength = String(root, "Content-Length"),
                AcceptEncoding = String(root, "Accept-Encoding"),
                Connection = String(root, "Connection"),
                ContentType = String(root, "Content-Type"),
            },
            EventId = String(root, "event_id"),
            AccountId = String(root, "account_id"),
            SequenceNumber = Number<long>(root, "sequence_number"),
            ActionId = String(root, "action_id"),
            OccurredAt = String(root, "occurred_at") is { } time ? Time(time) : default,
            AssetName = String(root, "asset_name"),
            AssetType = String(root, "asset_type"),
            Quantity = Number<long>(root, "quantity"),
            UnitPrice = Number<decimal>(root, "unit_price"),
            Amount = Number<decimal>(root, "amount"),
            CashBalance = Number<decimal>(root, "cash_balance"),
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

    private static string? String(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static T? Number<T>(JsonElement root, string name)
        where T : struct, IParsable<T> =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? T.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out var number) ? number : throw new JsonException($"{name} is out of range.")
            : null;
}

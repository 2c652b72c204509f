using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Banking.Silo.Http;

/// <summary>
/// The fields that requests may have, taken from a JSON object, ids in normal form. Unknown ones are passed over; of a repeated one the
/// last counts.
/// </summary>
public sealed class RequestBody
{
    /// <summary>Bytes of a body at the most; Kestrel answers 413 beyond it.</summary>
    public const int MaxSize = 64 * 1024;

    /// <summary>What is said of a request without a body.</summary>
    public const string Empty = "The request has no body.";

    public string? UserId { get; private set; }

    public string? AccountId { get; private set; }

    public string? FullName { get; private set; }

    public string? AssetName { get; private set; }

    public NumberText Amount { get; private set; }

    public NumberText NumberOf { get; private set; }

    public NumberText Quantity { get; private set; }

    public NumberText LimitPrice { get; private set; }

    /// <summary>Reads the body of a request.</summary>
    /// <returns>The body, or a sentence that says why there is none.</returns>
    /// <exception cref="BadHttpRequestException">Too large, or cut off.</exception>
    /// <exception cref="UnknownEncodingException">It can't be decoded.</exception>
    public static async ValueTask<(RequestBody? Body, string? Fault)> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Compression.IsEncoded(request)) throw new UnknownEncodingException();
        var reader = request.BodyReader;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(cancellationToken);
            }
            catch (InvalidDataException)
            {
                return (null, "The body is not what its Content-Encoding says.");
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var parsed = Parse(read.Buffer);
            reader.AdvanceTo(read.Buffer.End);
            return parsed;
        }
    }

    /// <summary>Parses a body.</summary>
    public static (RequestBody? Body, string? Fault) Parse(ReadOnlySequence<byte> utf8)
    {
        if (StartsWithMark(utf8)) utf8 = utf8.Slice(3);
        if (utf8.IsEmpty) return (null, Empty);
        var json = new Utf8JsonReader(utf8);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return (null, "The body must be a JSON object.");
            var body = new RequestBody();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (body.TakeField(ref json) is { } fault) return (null, fault);
            }

            return json.Read() ? (null, "The body must be one JSON object.") : (body, null);
        }
        catch (JsonException)
        {
            return (null, "The body is not valid JSON.");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for text that is no Unicode: bytes that are not UTF-8, escaped lone surrogates.
            return (null, "The body has text that is not valid Unicode.");
        }
    }

    // The byte order mark of UTF-8, which editors and PowerShell put before what they write.
    private static bool StartsWithMark(ReadOnlySequence<byte> utf8)
    {
        var reader = new SequenceReader<byte>(utf8);
        return reader.IsNext([0xEF, 0xBB, 0xBF]);
    }

    private string? TakeField(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("amount"u8)) return TakeNumber(ref json, "amount");
        if (json.ValueTextEquals("number_of"u8)) return TakeNumber(ref json, "number_of");
        if (json.ValueTextEquals("quantity"u8)) return TakeNumber(ref json, "quantity");
        if (json.ValueTextEquals("limit_price"u8)) return TakeNumber(ref json, "limit_price");
        if (json.ValueTextEquals("user_id"u8)) return TakeText(ref json, "user_id");
        if (json.ValueTextEquals("account_id"u8)) return TakeText(ref json, "account_id");
        if (json.ValueTextEquals("full_name"u8)) return TakeText(ref json, "full_name");
        if (json.ValueTextEquals("asset_name"u8)) return TakeText(ref json, "asset_name");
        json.Skip();
        return null;
    }

    private string? TakeText(ref Utf8JsonReader json, string field)
    {
        json.Read();
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Null)) return $"{field} must be a string.";
        var text = json.GetString();
        switch (field)
        {
            case "user_id": UserId = AccountIds.Of(text); break;
            case "account_id": AccountId = AccountIds.Of(text); break;
            case "full_name": FullName = text; break;
            default: AssetName = text; break;
        }

        return null;
    }

    private string? TakeNumber(ref Utf8JsonReader json, string field)
    {
        json.Read();
        if (json.TokenType is not (JsonTokenType.Number or JsonTokenType.String or JsonTokenType.Null))
        {
            return $"{field} must be a number, or a string that holds one.";
        }
        var number = new NumberText(json.TokenType == JsonTokenType.Number ? RawText(ref json) : json.GetString());
        switch (field)
        {
            case "amount": Amount = number; break;
            case "number_of": NumberOf = number; break;
            case "quantity": Quantity = number; break;
            default: LimitPrice = number; break;
        }

        return null;
    }

    private static string RawText(ref Utf8JsonReader json) =>
        Encoding.ASCII.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan);
}

/// <summary>A body came in an encoding that is not taken.</summary>
internal sealed class UnknownEncodingException : Exception;

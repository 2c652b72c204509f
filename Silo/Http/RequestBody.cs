using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Banking.Silo.Http;

/// <summary>Reads the bodies of requests into their types, and says in a sentence what is wrong with one that can't be read.</summary>
internal static class RequestBody
{
    /// <summary>The most bytes of a body; beyond it Kestrel answers 413.</summary>
    public const int MaxSize = 64 * 1024;

    /// <summary>What is said about a request without a body.</summary>
    public const string Empty = "The request has no body.";

    // In UTF-8; editors and PowerShell put it before what they write.
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The options for reading the types of bodies: a field of the wrong type is refused by name.</summary>
    public static JsonSerializerOptions OptionsLike(JsonSerializerOptions options) =>
        new(options) { Converters = { new Texts() }, TypeInfoResolver = null };

    /// <summary>Reads the body of a request. Unknown fields are ignored; of a repeated field the last one counts.</summary>
    /// <returns>The body, of which any field may be null, or a sentence that says why there is none.</returns>
    /// <exception cref="BadHttpRequestException">The body is too large, or was cut off.</exception>
    /// <exception cref="UnknownEncodingException">The body can't be decoded.</exception>
    public static async ValueTask<(T? Body, string? Fault)> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
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

            var parsed = Parse(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray(), type);
            reader.AdvanceTo(read.Buffer.End);
            return parsed;
        }
    }

    private static (T? Body, string? Fault) Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type)
        where T : class
    {
        if (utf8.StartsWith(ByteOrderMark)) utf8 = utf8[ByteOrderMark.Length..];
        if (utf8.IsEmpty) return (null, Empty);
        try
        {
            var start = new Utf8JsonReader(utf8);
            return start.Read() && start.TokenType == JsonTokenType.StartObject
                ? (JsonSerializer.Deserialize(utf8, type), null)
                : (null, "The body must be a JSON object.");
        }
        catch (FieldTypeException e)
        {
            // Bodies are flat: the path is $ plus the field.
            return (null, $"{e.Path!["$.".Length..]} must be {e.Message}.");
        }
        catch (JsonException e) when (e.InnerException is InvalidOperationException)
        {
            // The reader throws this for text that is not Unicode: bytes that are not UTF-8, or escaped lone surrogates.
            return (null, "The body has text that is not valid Unicode.");
        }
        catch (JsonException)
        {
            return (null, "The body is not valid JSON.");
        }
    }

    private sealed class Texts : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new FieldTypeException("a string");

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

/// <summary>A field's value has a type that the field does not accept.</summary>
/// <param name="expected">What the field accepts, e.g. "a string".</param>
internal sealed class FieldTypeException(string expected) : JsonException(expected);

/// <summary>A body came in an encoding that is not accepted.</summary>
internal sealed class UnknownEncodingException : Exception;

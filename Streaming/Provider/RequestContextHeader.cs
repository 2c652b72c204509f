using Banking.Streaming.Log;
using Orleans.Serialization;

namespace Banking.Streaming.Provider;

/// <summary>The producer's request context as a header of its records.</summary>
internal static class RequestContextHeader
{
    public const string Name = "orleans-request-context";

    /// <summary>
    /// Larger headers are not read. Contexts are small, and the length bounds how deeply one is nested, and so how much stack its reading
    /// takes.
    /// </summary>
    public const int MaxBytes = 16 * 1024;

    /// <exception cref="ArgumentException">The context is larger than what would be read again.</exception>
    public static LogHeader? Write(Serializer serializer, Dictionary<string, object>? context)
    {
        if (context is not { Count: > 0 }) return null;
        var bytes = serializer.SerializeToArray(context);
        if (bytes.Length <= MaxBytes) return new LogHeader(Name, bytes);
        throw new ArgumentException(
            $"A request context of {bytes.Length} bytes can't travel with a record: at most {MaxBytes} may. Nothing was appended.");
    }

    /// <summary>The header's bytes; empty if there is none.</summary>
    public static ReadOnlyMemory<byte> Of(in LogRecord record)
    {
        var headers = record.Headers;
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Name == Name) return headers[i].Value;
        }

        return default;
    }
}

using Banking.Streaming.Log;
using Orleans.Serialization;

namespace Banking.Streaming.Provider;

/// <summary>The producer's request context as a header of its records.</summary>
internal static class RequestContextHeader
{
    public const string Name = "orleans-request-context";

    public static LogHeader? Write(Serializer serializer, Dictionary<string, object>? context) =>
        context is { Count: > 0 } ? new LogHeader(Name, serializer.SerializeToArray(context)) : null;

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

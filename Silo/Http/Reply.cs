using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;

namespace Banking.Silo.Http;

/// <summary>Writes replies from one buffer and with their length, so that HTTP/1.0 clients know the end.</summary>
internal static class Reply
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>A line of plain text.</summary>
    public static Task SentenceAsync(HttpContext http, int status, string sentence) =>
        SendAsync(http, status, "text/plain; charset=utf-8", sentence + "\n");

    /// <summary>A page that loads nothing and runs nothing.</summary>
    public static Task PageAsync(HttpContext http, string html)
    {
        http.Response.Headers.Vary = HeaderNames.Accept;
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return SendAsync(http, StatusCodes.Status200OK, "text/html; charset=utf-8", html);
    }

    /// <summary><c>{"message": …}</c>.</summary>
    public static Task MessageAsync(HttpContext http, int status, string message) =>
        JsonAsync(http, status, new MessageReply(message), ProblemJson.Default.MessageReply);

    /// <summary>RFC 9457 problem details with a stable code.</summary>
    public static Task ProblemAsync(HttpContext http, Problem problem) =>
        JsonAsync(http, problem.Status, ProblemReply.Of(problem), ProblemJson.Default.ProblemReply, ProblemReply.MediaType);

    /// <summary>A JSON body in which text is left unescaped wherever JSON allows it.</summary>
    public static Task JsonAsync<T>(HttpContext http, int status, T body, JsonTypeInfo<T> type, string mediaType = "application/json")
    {
        var buffer = _buffer ?? new ArrayBufferWriter<byte>(1_024);
        _buffer = null;
        using (var json = new Utf8JsonWriter(buffer, Options)) JsonSerializer.Serialize(json, body, type);
        Start(http, status, mediaType, buffer.WrittenCount);
        http.Response.BodyWriter.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
        _buffer = buffer;
        return FlushAsync(http);
    }

    /// <summary>A body that exists already.</summary>
    public static Task BytesAsync(HttpContext http, int status, string contentType, ReadOnlySpan<byte> body)
    {
        Start(http, status, contentType, body.Length);
        http.Response.BodyWriter.Write(body);
        return FlushAsync(http);
    }

    /// <summary>Tells the client that the same request may succeed soon.</summary>
    public static void SetRetryAfter(HttpContext http) => http.Response.Headers.RetryAfter = "1";

    private static Task SendAsync(HttpContext http, int status, string contentType, string text)
    {
        Start(http, status, contentType, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, http.Response.BodyWriter);
        return FlushAsync(http);
    }

    private static void Start(HttpContext http, int status, string contentType, int length)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = length;
    }

    private static Task FlushAsync(HttpContext http)
    {
        var flush = http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        return flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask();
    }
}

using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Http;

/// <summary>
/// Replies above 1 KB are compressed for clients that accept it, except on the old routes, which stay as they were. Request bodies may be
/// compressed too.
/// </summary>
internal static class Compression
{
    /// <summary>Below this size compressing costs more than it saves.</summary>
    private const int MinSize = 1_024;

    /// <summary>The values of <c>Content-Encoding</c> that a request may have, as listed in a 415.</summary>
    public const string Taken = "gzip, deflate";

    private static readonly string[] Roots = ["/v1", "/openapi", "/health"];

    public static void AddCompression(this IServiceCollection services)
    {
        // For a malformed body, Brotli's stream blames the program, not the body.
        services.AddRequestDecompression(bodies => bodies.DecompressionProviders.Remove("br"));

        // Over TLS too, as no reply contains a secret together with text chosen by an attacker.
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["application/json", "application/problem+json", "text/html"];
        });
        services.AddSingleton<IResponseCompressionProvider, LargeReplies>();
    }

    public static void UseCompression(this IApplicationBuilder app)
    {
        app.UseWhen(
            http => http.Request.Path == "/" || Roots.Any(root => http.Request.Path.StartsWithSegments(root, StringComparison.Ordinal)),
            replies => replies.UseResponseCompression());
        app.UseRequestDecompression();
    }

    /// <summary>Whether a request's body is in an encoding that was not decoded.</summary>
    public static bool IsEncoded(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } encodings && encodings is not ["" or "identity"];

    private sealed class LargeReplies(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
        : ResponseCompressionProvider(services, options)
    {
        public override bool ShouldCompressResponse(HttpContext context) =>
            context.Response.ContentLength is not < MinSize && base.ShouldCompressResponse(context);
    }
}

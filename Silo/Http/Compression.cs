using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Http;

/// <summary>
/// Replies above 1 KB are compressed for those who take it, but those of the old routes, which stay as they were. Bodies of requests may be
/// compressed too.
/// </summary>
internal static class Compression
{
    /// <summary>Below it compressing costs more than it spares.</summary>
    private const int MinSize = 1_024;

    /// <summary>What <c>Content-Encoding</c> a request may have, as a 415 says it.</summary>
    public const string Taken = "gzip, deflate";

    private static readonly string[] Roots = ["/v1", "/openapi", "/health"];

    public static void AddCompression(this IServiceCollection services)
    {
        // A body that is not Brotli's makes its stream say that the program is wrong, and not the body.
        services.AddRequestDecompression(bodies => bodies.DecompressionProviders.Remove("br"));

        // Over TLS too: no reply holds a secret beside what an attacker chose.
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

    /// <summary>Whether the body of a request is in an encoding that nobody decoded.</summary>
    public static bool IsEncoded(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } encodings && encodings is not ["" or "identity"];

    private sealed class LargeReplies(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
        : ResponseCompressionProvider(services, options)
    {
        public override bool ShouldCompressResponse(HttpContext context) =>
            context.Response.ContentLength is not < MinSize && base.ShouldCompressResponse(context);
    }
}

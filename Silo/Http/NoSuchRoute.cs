namespace Banking.Silo.Http;

/// <summary>The replies that routing itself gives, in the words of the API that was asked.</summary>
internal static class NoSuchRoute
{
    public static Task Answer(HttpContext http)
    {
        var status = http.Response.StatusCode;
        var (code, sentence) = status switch
        {
            StatusCodes.Status404NotFound => ("not_found", "There is nothing here."),
            StatusCodes.Status405MethodNotAllowed => ("method_not_allowed", "This does not take that method."),
            StatusCodes.Status415UnsupportedMediaType => ("unsupported_media_type", "The body must be application/json."),
            _ => ("malformed", "The request can't be answered."),
        };
        return http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            ? Reply.Problem(http, status, code, sentence)
            : Reply.Message(http, status, sentence);
    }
}

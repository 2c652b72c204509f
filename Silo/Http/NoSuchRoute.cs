namespace Banking.Silo.Http;

/// <summary>The replies that routing itself gives, in the words of the API that was asked.</summary>
internal static class NoSuchRoute
{
    public static Task Answer(HttpContext http)
    {
        var problem = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.NotFound,
            StatusCodes.Status405MethodNotAllowed => Problems.MethodNotAllowed,
            StatusCodes.Status415UnsupportedMediaType => Problems.UnsupportedMediaType,
            var status => Problems.Malformed with { Status = status, Sentence = "The request can't be answered." },
        };
        return http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            ? Reply.Problem(http, problem)
            : Reply.Message(http, problem.Status, problem.Sentence);
    }
}

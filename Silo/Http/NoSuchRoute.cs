using Banking.Silo.Settings;

namespace Banking.Silo.Http;

/// <summary>The replies that routing itself gives, in the words of the API that was asked.</summary>
internal static class NoSuchRoute
{
    public static Task AnswerAsync(HttpContext http, HttpSettings settings)
    {
        if (http.Response.Headers.Allow == HttpMethods.Get) http.Response.Headers.Allow = $"{HttpMethods.Get}, {HttpMethods.Head}";
        var isRefused = http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed;
        if (isRefused && HttpMethods.IsOptions(http.Request.Method) && settings.Origins().Length > 0)
        {
            // The request asked for the methods, which routing has put into Allow; a browser's preflight was answered before.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        var problem = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.NotFound,
            StatusCodes.Status405MethodNotAllowed => Problems.MethodNotAllowed,
            StatusCodes.Status415UnsupportedMediaType => Problems.UnsupportedMediaType,
            var status => Problems.Malformed with { Status = status, Sentence = "The request can't be answered." },
        };
        return AnswerAsync(http, problem);
    }

    /// <summary>A problem in the words of the API that was asked.</summary>
    public static Task AnswerAsync(HttpContext http, Problem problem) =>
        http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
        ? Reply.ProblemAsync(http, problem)
        : Reply.MessageAsync(http, problem.Status, problem.Sentence);
}

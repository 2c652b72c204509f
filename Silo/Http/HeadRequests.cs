namespace Banking.Silo.Http;

/// <summary>
/// Answers HEAD wherever GET is answered: it is routed and answered like GET, and Kestrel, which knows the original method, leaves out the
/// body.
/// </summary>
internal static class HeadRequests
{
    public static void UseHead(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (HttpMethods.IsHead(http.Request.Method)) http.Request.Method = HttpMethods.Get;
        return next(http);
    });
}

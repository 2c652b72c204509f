namespace Banking.Silo.Http;

/// <summary>HEAD wherever GET is: routed and answered as that, and Kestrel, which knows what was sent, leaves the body out.</summary>
internal static class HeadRequests
{
    public static void UseHead(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (HttpMethods.IsHead(http.Request.Method)) http.Request.Method = HttpMethods.Get;
        return next(http);
    });
}

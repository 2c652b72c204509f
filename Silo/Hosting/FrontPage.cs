using Banking.Inquiries;
using Banking.Silo.Cluster;
using Banking.Silo.Http;
using Banking.Silo.Settings;
using Microsoft.Net.Http.Headers;

namespace Banking.Silo.Hosting;

/// <summary>What a browser sees at <c>/</c>: where everything is. Other clients get the sentence that they have always got.</summary>
internal static class FrontPage
{
    private const string Sentence = "Welcome to the banking game!";

    public static void MapFrontPage(this IEndpointRouteBuilder routes, BankingSettings settings)
    {
        var page = Page(ClusterDashboard.IsOn(settings));
        routes.MapGet("/", http =>
        {
            http.RequestServices.GetRequiredService<InquiryLog>().Record(Inquiry.OfFrontPage(Origin.Of(http.Request)));
            return WantsHtml(http.Request) ? Reply.PageAsync(http, page) : Reply.SentenceAsync(http, StatusCodes.Status200OK, Sentence);
        }).ExcludeFromDescription().AllowAnonymous();
    }

    private static bool WantsHtml(HttpRequest request) =>
        request.Headers.Accept is { Count: > 0 } accept
        && MediaTypeHeaderValue.TryParseList(accept, out var types)
        && types.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    private static string Page(bool hasDashboard) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta name="color-scheme" content="light dark">
        <title>Banking.Orleans</title>
        <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }</style>
        </head>
        <body>
        <h1>{{Sentence}}</h1>
        <ul>
        <li><a href="/openapi/v1.json">The API</a>, as an OpenAPI document: accounts, assets, the lake.</li>
        <li><a href="/v1/assets">Prices</a>, as JSON.</li>
        <li>Health: <a href="/health/ready">is it ready</a>, and what is wrong if it is not; <a href="/health/live">is it alive</a>.</li>
        <li>{{(hasDashboard ? Dashboard : NoDashboard)}}</li>
        </ul>
        </body>
        </html>

        """;

    private const string Dashboard = """<a href="/dashboard/">The dashboard</a>: silos, grains and calls.""";

    private const string NoDashboard =
        "The dashboard (silos, grains and calls) is off: start the silo with <code>--Banking:Cluster:Dashboard true</code> "
        + "to have it at <code>/dashboard/</code>.";
}

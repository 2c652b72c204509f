using System.Net;
using Banking.Silo.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Banking.Silo.Http;

/// <summary>
/// Keeps out web pages: any page that a browser opens on this machine can send requests to the loopback, and could act for every player.
/// Only pages of the silo's own origin, and of those that settings name, may ask for anything. Programs that are not browsers notice
/// nothing, whatever host they name. Thread-safe.
/// </summary>
/// <param name="origins">The origins of the settings. Their hosts count as the silo's own, as those of a reverse proxy do.</param>
/// <param name="checksHosts">
/// Whether a browser must name a host that is the silo's own. Otherwise a page could give its own name the address of the loopback (DNS
/// rebinding), and would be of the same origin as the silo. Where callers show who they are such a page has nothing to show.
/// </param>
internal sealed class BrowserGuard(string[] origins, bool checksHosts)
{
    private const string Site = "Sec-Fetch-Site";
    private const string SameOrigin = "same-origin";

    // The user's own doing: an address that was typed, or a bookmark.
    private const string NoSite = "none";

    private readonly HashSet<string> _hosts = [.. origins.Select(origin => new Uri(origin).Authority)];

    public static void Use(IApplicationBuilder app, HttpSettings settings, bool hasAuthentication)
    {
        var guard = new BrowserGuard(settings.Origins(), checksHosts: !hasAuthentication);
        app.Use((http, next) => guard.ProblemOf(http.Request) is { } problem ? NoSuchRoute.AnswerAsync(http, problem) : next(http));
    }

    /// <returns>Null if the request may come in.</returns>
    public Problem? ProblemOf(HttpRequest request)
    {
        var (origin, site) = (request.Headers.Origin, request.Headers[Site]);
        if (checksHosts && IsFromBrowser(request.Headers, origin, site) && !IsOwn(request.Host)) return Problems.UnknownHost;
        if (origin.Count == 0 && site.Count == 0) return null;
        if (!IsNamed(origin) && !(IsOwn(origin, request) && IsOwn(site))) return Problems.CrossOrigin;

        // A form can send no JSON, so a form is never the reason why something happens.
        var hasBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        return hasBody && !request.HasJsonContentType() ? Problems.UnsupportedMediaType : null;
    }

    // Browsers send neither Origin with a page's own GET, nor Sec-Fetch-Site to a name over plain HTTP. But each sends what follows, and no
    // script can leave all of it out.
    private static bool IsFromBrowser(IHeaderDictionary headers, StringValues origin, StringValues site) =>
        origin.Count > 0
        || site.Count > 0
        || headers.AcceptLanguage.Count > 0
        || headers.Referer.Count > 0
        || headers.ContainsKey(HeaderNames.UpgradeInsecureRequests)
        || headers.UserAgent is [{ } agent] && agent.StartsWith("Mozilla/", StringComparison.Ordinal);

    private bool IsNamed(StringValues origin) => origin is [{ } one] && origins.Contains(one, StringComparer.Ordinal);

    // Addresses can't be given to another machine, as names can.
    private bool IsOwn(HostString host) =>
        host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address)
        || _hosts.Contains(host.Value ?? "");

    private static bool IsOwn(StringValues origin, HttpRequest request) =>
        origin.Count == 0 || origin is [{ } one] && one.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwn(StringValues site) => site.Count == 0 || site is [SameOrigin or NoSite];
}

using System.Diagnostics;
using System.Globalization;
using Banking.Events;
using Microsoft.Extensions.Primitives;

namespace Banking.Silo.Http;

/// <summary>The headers of a request that go into the event, and the trace that it belongs to.</summary>
internal static class Origin
{
    public static RequestOrigin Of(HttpRequest request)
    {
        var headers = request.Headers;
        return new RequestOrigin
        {
            Accept = Text(headers.Accept),
            Host = Text(headers.Host),
            UserAgent = Text(headers.UserAgent),
            ContentLength = request.ContentLength?.ToString(CultureInfo.InvariantCulture),
            AcceptEncoding = Text(headers.AcceptEncoding),
            Connection = Text(headers.Connection),
            ContentType = Text(headers.ContentType),
            TraceParent = TraceParentOf(headers),
        };
    }

    // The silo's own span if one is recorded; otherwise what the request says.
    private static string? TraceParentOf(IHeaderDictionary headers)
    {
        if (Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } span) return span.Id;
        return headers.TraceParent is [{ } sent] && TraceContext.IsTraceParent(sent) ? sent : null;
    }

    private static string? Text(StringValues values) => values.Count == 0 ? null : values.ToString();
}

using System.Globalization;
using Banking.Events;
using Microsoft.Extensions.Primitives;

namespace Banking.Silo.Http;

/// <summary>The headers of a request that go into the event. Each is cut at a length, so that no client can fill the log with one.</summary>
internal static class Origin
{
    private const int MaxLength = 1_024;

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
        };
    }

    private static string? Text(StringValues values)
    {
        if (values.Count == 0) return null;
        var text = values.ToString();
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }
}

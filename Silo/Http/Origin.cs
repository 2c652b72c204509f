using System.Globalization;
using Banking.Events;
using Microsoft.Extensions.Primitives;

namespace Banking.Silo.Http;

/// <summary>The headers of a request that go into the event.</summary>
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
        };
    }

    private static string? Text(StringValues values) => values.Count == 0 ? null : values.ToString();
}

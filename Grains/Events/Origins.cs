namespace Banking.Events;

/// <summary>Bounds what clients may put into the log besides their actions.</summary>
public static class Origins
{
    /// <summary>The most characters of one header; the rest is cut off.</summary>
    public const int MaxLength = 512;

    /// <summary>
    /// Returns the same origin if everything is within bounds. A trace is never cut, as a part of it would be a different trace: it is kept
    /// whole or dropped.
    /// </summary>
    public static RequestOrigin? Cut(RequestOrigin? origin) => origin is null
        || !(IsLong(origin.Accept) || IsLong(origin.Host) || IsLong(origin.UserAgent) || IsLong(origin.ContentLength) || IsLong(
            origin.AcceptEncoding)
            || IsLong(origin.Connection) || IsLong(origin.ContentType) || IsNoTrace(origin.TraceParent))
        ? origin
        : new RequestOrigin
        {
            Accept = Cut(origin.Accept),
            Host = Cut(origin.Host),
            UserAgent = Cut(origin.UserAgent),
            ContentLength = Cut(origin.ContentLength),
            AcceptEncoding = Cut(origin.AcceptEncoding),
            Connection = Cut(origin.Connection),
            ContentType = Cut(origin.ContentType),
            TraceParent = IsNoTrace(origin.TraceParent) ? null : origin.TraceParent,
        };

    private static bool IsLong(string? text) => text?.Length > MaxLength;

    private static bool IsNoTrace(string? text) => text is not null && !TraceContext.IsTraceParent(text);

    private static string? Cut(string? text) => IsLong(text) ? text![..MaxLength] : text;
}

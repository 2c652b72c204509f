namespace Banking.Events;

/// <summary>Bounds what clients may put into the log besides their actions.</summary>
public static class Origins
{
    /// <summary>Characters of one header at the most; the rest is cut off.</summary>
    public const int MaxLength = 512;

    public static RequestOrigin? Cut(RequestOrigin? origin) => origin is null
        || !(IsLong(origin.Accept) || IsLong(origin.Host) || IsLong(origin.UserAgent) || IsLong(origin.ContentLength) || IsLong(origin.AcceptEncoding)
            || IsLong(origin.Connection) || IsLong(origin.ContentType))
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
        };

    private static bool IsLong(string? text) => text?.Length > MaxLength;

    private static string? Cut(string? text) => IsLong(text) ? text![..MaxLength] : text;
}

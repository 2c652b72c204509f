namespace Banking.Events;

/// <summary>
/// The headers of the HTTP request that caused an event. Only seven, which are columns of the tables, and the request's trace are kept;
/// everything else a client sends (cookies, credentials) stays out of the log. All null for an action that came through the gateway.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.request-origin")]
public sealed record RequestOrigin
{
    [Id(0)] public string? Accept { get; init; }
    [Id(1)] public string? Host { get; init; }
    [Id(2)] public string? UserAgent { get; init; }
    [Id(3)] public string? ContentLength { get; init; }
    [Id(4)] public string? AcceptEncoding { get; init; }
    [Id(5)] public string? Connection { get; init; }
    [Id(6)] public string? ContentType { get; init; }

    /// <summary>
    /// W3C <c>traceparent</c> of the request, 55 characters; null if nobody traces it. It is in a header of the log's record, not in the
    /// event's JSON. One that is not well-formed is dropped.
    /// </summary>
    [Id(7)] public string? TraceParent { get; init; }
}

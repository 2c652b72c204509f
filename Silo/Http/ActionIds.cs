namespace Banking.Silo.Http;

/// <summary>The id of an action that came over HTTP.</summary>
internal static class ActionIds
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>
    /// The client's <c>Idempotency-Key</c>, or an id that covers the retries inside this process. That one is a UUIDv7: the account can tell for ever that it may
    /// have run, and it takes no room among the ids without time.
    /// </summary>
    public static string Of(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Header, out var key)) return key.ToString();
        var clock = request.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
        return Guid.CreateVersion7(clock.GetUtcNow()).ToString();
    }
}

namespace Banking.Silo.Http;

/// <summary>The id of an action that came over HTTP.</summary>
internal static class ActionIds
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>
    /// The client's <c>Idempotency-Key</c>, or a random id that covers the retries inside this process. It is no UUIDv7: no client can send it again,
    /// so nothing has to be refused for its age.
    /// </summary>
    public static string Of(HttpRequest request) =>
        request.Headers.TryGetValue(Header, out var key) ? key.ToString() : Guid.NewGuid().ToString();
}

using System.Text;

namespace Banking.Silo.Http;

/// <summary>The id of an action that came over HTTP.</summary>
internal static class ActionIds
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>
    /// The client's <c>Idempotency-Key</c>, or an id that covers the retries inside this process. The latter is a UUIDv7: the account can
    /// always tell that it may have run, and it takes no room among the ids without a time.
    /// </summary>
    /// <returns>An empty text, which is not a valid id, for invalid keys: the account then refuses the action.</returns>
    public static string Of(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Header, out var keys)) return keys is [{ } key] ? Bare(key) : "";
        var clock = request.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
        return Guid.CreateVersion7(clock.GetUtcNow()).ToString();
    }

    // In the IETF's draft the key is a string of RFC 9651, in quotes and with \ before quotes and backslashes; most clients send it bare.
    private static string Bare(string key)
    {
        if (!key.StartsWith('"')) return key;
        var bare = new StringBuilder(key.Length);
        for (var i = 1; i < key.Length; i++)
        {
            if (key[i] == '"') return i == key.Length - 1 ? bare.ToString() : "";
            if (key[i] == '\\' && (++i == key.Length || key[i] is not ('"' or '\\'))) return "";
            bare.Append(key[i]);
        }

        return "";
    }
}

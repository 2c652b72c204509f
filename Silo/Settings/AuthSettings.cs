using System.Net;

namespace Banking.Silo.Settings;

/// <summary>Who may call. Nobody is asked who they are unless one of these is set.</summary>
internal sealed class AuthSettings : ISiloSettings
{
    public static string Section => "Banking:Auth";

    /// <summary>
    /// The OpenID Connect provider's URL, which is the issuer of its tokens: <c>https://…</c>, or <c>http://</c> on the loopback. Its
    /// keys are found by discovery (<c>/.well-known/openid-configuration</c>).
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>What tokens must name as their audience.</summary>
    public string? Audience { get; set; }

    /// <summary>A file with the provider's public keys, as a JSON Web Key Set, instead of discovery.</summary>
    public string? Jwks { get; set; }

    /// <summary>
    /// The claim that names the caller's roles (player, server, operator, analyst): text, or several. Other values are ignored. A token
    /// without the claim is a player's.
    /// </summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The SHA-256, in hexadecimal digits, of a key that is an operator's: to make the first keys with.</summary>
    public string? BootstrapKey { get; set; }

    /// <summary>
    /// Whether Orleans clients may say that an operator calls. Without it they are game servers, which may only say for which player they
    /// act.
    /// </summary>
    public bool GatewayOperators { get; set; }

    /// <summary>The client's own key. One environment serves both programs; the silo does nothing with it.</summary>
    public string? Key { get; set; }

    /// <summary>Whether callers are asked who they are.</summary>
    internal bool IsSet => HasProvider || BootstrapKey is not null;

    internal bool HasProvider => Authority is not null;

    public string? Problem()
    {
        if (Authority is null && (Audience ?? Jwks) is not null)
            return $"{Section}:{(Audience is null ? nameof(Jwks) : nameof(Audience))} needs {Section}:Authority, the issuer of the tokens.";
        if (Authority is { } authority)
        {
            if (!IsAuthority(authority))
                return $"{Section}:Authority must be a URL such as https://id.example, or http on the loopback, not '{authority}'.";
            if (string.IsNullOrWhiteSpace(Audience))
                return $"{Section}:Audience is not set: without it a token that was made for another service would do.";
        }

        if (string.IsNullOrWhiteSpace(RoleClaim)) return $"{Section}:RoleClaim must be the name of a claim.";
        if (BootstrapKey is { } hash && !(hash.Length == 64 && hash.All(char.IsAsciiHexDigit)))
            return $"{Section}:BootstrapKey must be the hash of a key, 64 hexadecimal digits, and never the key itself.";
        return null;
    }

    private static bool IsAuthority(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { Query: "", Fragment: "", UserInfo: "" }
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IsLoopback(url)));

    private static bool IsLoopback(Uri url) =>
        url.IsLoopback || (IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address));
}

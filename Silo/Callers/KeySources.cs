using System.Text.Json;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Banking.Silo.Callers;

/// <summary>Keys by OpenID Connect discovery.</summary>
/// <param name="http">With bounds of its own for time and size.</param>
internal sealed class DiscoveredKeys(AuthSettings settings, HttpClient http) : IKeySource
{
    private readonly string _authority = settings.Authority!.TrimEnd('/');

    public async Task<ProviderKeySet> ReadAsync(CancellationToken cancellationToken)
    {
        var documents = new HttpDocumentRetriever(http)
        {
            RequireHttps = _authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase),
        };
        OpenIdConnectConfiguration found;
        try
        {
            found = await OpenIdConnectConfigurationRetriever.GetAsync(
                _authority + "/.well-known/openid-configuration", documents, cancellationToken);
        }
        catch (Exception e) when (e is not IOException)
        {
            // The library wraps whatever is wrong with an answer in exceptions of several kinds.
            throw new IOException($"{_authority}: {(e.InnerException ?? e).Message}", e);
        }

        if (found.Issuer?.TrimEnd('/') != _authority) throw new IOException($"{_authority} says that it is the issuer '{found.Issuer}'.");
        return new(found.Issuer, PublicKeys.Of(found.JsonWebKeySet) ?? throw new IOException($"{_authority} has no public keys."));
    }
}

/// <summary>Keys from a file, for places without a way out. Tokens must name the authority exactly as it is set.</summary>
internal sealed class FileKeys(AuthSettings settings) : IKeySource
{
    public Task<ProviderKeySet> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Read());

    /// <exception cref="StartException">The file has no keys, or can't be read.</exception>
    public void Check()
    {
        try
        {
            Read();
        }
        catch (IOException e)
        {
            throw new StartException($"{AuthSettings.Section}:Jwks: {e.Message}");
        }
    }

    private ProviderKeySet Read()
    {
        var path = settings.Jwks!;
        try
        {
            var keys = PublicKeys.Of(new JsonWebKeySet(File.ReadAllText(path)));
            return new(settings.Authority!, keys ?? throw new IOException($"{path} has no public keys."));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or JsonException)
        {
            throw new IOException($"{path} can't be read as a JSON Web Key Set: {e.Message}", e);
        }
    }
}

internal static class PublicKeys
{
    /// <summary>The set's keys of RSA and elliptic curves; null if it has none. A key that also signs is not a public one.</summary>
    public static IReadOnlyList<SecurityKey>? Of(JsonWebKeySet? set)
    {
        SecurityKey[] keys = [.. set?.GetSigningKeys().Where(key => key is RsaSecurityKey or ECDsaSecurityKey or X509SecurityKey) ?? []];
        return keys.Length > 0 ? keys : null;
    }
}

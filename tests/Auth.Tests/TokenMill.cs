using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Banking.Auth.Tests;

/// <summary>Makes tokens that nobody should take, each wrong in one way.</summary>
internal sealed class TokenMill(Provider provider, string good)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };
    private static readonly RSA OtherKey = RSA.Create(2048);

    private readonly string _kid = new JsonWebToken(good).Kid;

    /// <summary>The names of all ways.</summary>
    public static IReadOnlyList<string> Ways { get; } =
    [
        "unsigned", "alg none", "alg none in capitals", "hs256 with the public key", "hs256 with the modulus", "another key of this name",
        "another issuer", "another tenant", "no issuer", "another audience", "no audience", "expired", "not yet valid", "no expiry",
        "64 KiB", "9 KiB", "nested", "encrypted", "kid is a path", "kid is a URL", "kid is SQL", "kid is nobody's", "jku of a stranger",
        "key in the header", "no subject", "empty subject", "subject with a line break", "unknown role", "payload of another",
        "header of another", "cut signature", "empty signature", "swapped parts", "two dots", "nothing but dots", "not base64", "text",
        "a space within", "a key's prefix", "key of nobody",
    ];

    public string Make(string way)
    {
        var parts = good.Split('.');
        return way switch
        {
            "unsigned" => $"{parts[0]}.{parts[1]}.",
            "alg none" => $"{Base64("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            "alg none in capitals" => $"{Base64("""{"alg":"NoNe","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            "hs256 with the public key" => Symmetric(Encoding.UTF8.GetBytes(provider.Key.ExportSubjectPublicKeyInfoPem())),
            "hs256 with the modulus" => Symmetric(provider.Key.ExportParameters(false).Modulus!),
            "another key of this name" => Signed(key: OtherKey),
            "another issuer" => Signed(issuer: "https://id.example/"),
            "another tenant" => Signed(issuer: provider.Authority + "other/"),
            "no issuer" => Signed(issuer: null),
            "another audience" => Signed(audience: "another"),
            "no audience" => Signed(audience: null),
            "expired" => Signed(from: -7_200, to: -600),
            "not yet valid" => Signed(from: 600, to: 7_200),
            "no expiry" => Signed(to: null),
            "64 KiB" => Signed(padding: 48 * 1024),
            "9 KiB" => Signed(padding: 6 * 1024),
            "nested" => $"{Base64($$"""{"alg":"RS256","typ":"JWT","cty":"JWT","kid":"{{_kid}}"}""")}.{Base64(good)}.{parts[2]}",
            "encrypted" => $"{Base64("""{"alg":"dir","enc":"A256GCM","cty":"JWT"}""")}..AAAA.{Base64(good)}.AAAA",
            "kid is a path" => Signed(kid: "../../../../etc/passwd"),
            "kid is a URL" => Signed(kid: provider.Authority + "token"),
            "kid is SQL" => Signed(kid: "' or 1=1 --"),
            "kid is nobody's" => Signed(kid: "nobody"),
            "jku of a stranger" => Signed(key: OtherKey, header: new() { ["jku"] = provider.Authority + ".well-known/jwks" }),
            "key in the header" => Signed(key: OtherKey, kid: null, header: new() { ["jwk"] = Jwk(OtherKey) }),
            "no subject" => Signed(subject: null),
            "empty subject" => Signed(subject: ""),
            "subject with a line break" => Signed(subject: "alice\nbob"),
            "unknown role" => Signed(role: "god"),
            "payload of another" => $"{parts[0]}.{Base64("""{"sub":"root","roles":"operator"}""")}.{parts[2]}",
            "header of another" => $"{Base64("""{"alg":"RS384","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            "cut signature" => good[..^1],
            "empty signature" => $"{parts[0]}.{parts[1]}. ",
            "swapped parts" => $"{parts[1]}.{parts[0]}.{parts[2]}",
            "two dots" => good.Replace(".", "..", StringComparison.Ordinal),
            "nothing but dots" => "..",
            "not base64" => "%%%.%%%.%%%",
            "text" => "Ann",
            "a space within" => good.Insert(good.Length / 2, " "),
            "a key's prefix" => "bk_",
            "key of nobody" => "bk_0123456789ab_" + new string('A', 43),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
        };
    }

    /// <summary>The good token with one character changed, left out or doubled.</summary>
    public string Mutate(Random random)
    {
        // The last character of a part has bits that say nothing.
        var part = random.Next(3);
        var parts = good.Split('.');
        var at = random.Next(parts[part].Length - 1);
        var changed = parts[part].ToCharArray();
        var letter = changed[at] == 'A' ? 'B' : 'A';
        parts[part] = random.Next(3) switch
        {
            0 => parts[part].Remove(at, 1),
            1 => parts[part].Insert(at, letter.ToString()),
            _ => parts[part].Remove(at, 1).Insert(at, letter.ToString()),
        };
        return string.Join('.', parts);
    }

    /// <summary>A token as the provider makes them, but for what is given.</summary>
    public string Signed(
        RSA? key = null,
        string? kid = "",
        string? issuer = "",
        string? audience = Provider.Audience,
        string? subject = "alice",
        string role = "operator",
        int from = -60,
        int? to = 3_600,
        int padding = 0,
        Dictionary<string, object>? header = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object> { ["roles"] = role };
        if (subject is not null) claims["sub"] = subject;
        if (padding > 0) claims["padding"] = new string('x', padding);
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer == "" ? provider.Authority : issuer,
            Audience = audience,
            Claims = claims,
            NotBefore = now.AddSeconds(from),
            Expires = to is { } seconds ? now.AddSeconds(seconds) : null,
            AdditionalHeaderClaims = header,
            SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(key ?? provider.Key) { KeyId = kid == "" ? _kid : kid }, SecurityAlgorithms.RsaSha256),
        });
    }

    private string Symmetric(byte[] secret)
    {
        var head = $"{Base64($$"""{"alg":"HS256","typ":"JWT","kid":"{{_kid}}"}""")}.{good.Split('.')[1]}";
        return $"{head}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(head)))}";
    }

    private static Dictionary<string, object> Jwk(RSA key)
    {
        var numbers = key.ExportParameters(false);
        return new()
        {
            ["kty"] = "RSA",
            ["n"] = Base64UrlEncoder.Encode(numbers.Modulus!),
            ["e"] = Base64UrlEncoder.Encode(numbers.Exponent!),
        };
    }

    private static string Base64(string text) => Base64UrlEncoder.Encode(text);
}

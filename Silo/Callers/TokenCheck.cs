using System.Collections.Frozen;
using Banking.Callers;
using Banking.Silo.Settings;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Banking.Silo.Callers;

/// <summary>Checks the provider's tokens (JWTs). One that was found good is known until it ends. Thread-safe.</summary>
internal sealed class TokenCheck
{
    /// <summary>The most bytes of a token.</summary>
    public const int MaxSize = 8 * 1024;

    /// <summary>How far the provider's clock may be from this one's.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Only those with a public key: with the others whoever checks tokens could make them too.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly FrozenDictionary<string, CallerRole> Roles =
        Enum.GetValues<CallerRole>().ToFrozenDictionary(role => role.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Of a caller with several roles the first of these counts.</summary>
    private static readonly CallerRole[] Precedence = [CallerRole.Operator, CallerRole.Server, CallerRole.Analyst, CallerRole.Player];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxSize };
    private readonly TokenCache _cache = new();
    private readonly AuthSettings _settings;
    private readonly ProviderKeys _keys;
    private readonly TimeProvider _time;

    public TokenCheck(AuthSettings settings, ProviderKeys keys, TimeProvider time)
    {
        (_settings, _keys, _time) = (settings, keys, time);
        keys.Changed += _cache.Clear;
    }

    /// <exception cref="CallersUnknownException">It may be good, but the key that it was signed with is not known.</exception>
    /// <exception cref="SecurityTokenException">It is not good.</exception>
    /// <exception cref="ArgumentException">It is not a token.</exception>
    public ValueTask<GoodBearer> CheckAsync(string token)
    {
        if (token.Length > MaxSize) throw new SecurityTokenException("The token is too long.");
        return _cache.Find(token, _time.GetUtcNow()) is { } known ? new(known) : new(CheckNewAsync(token));
    }

    private async Task<GoodBearer> CheckNewAsync(string token)
    {
        var read = _handler.ReadJsonWebToken(token);
        if (read.IsEncrypted || !Algorithms.Contains(read.Alg))
            throw new SecurityTokenInvalidAlgorithmException("Not signed as it must be.");

        // Nobody is asked for the keys of somebody else's tokens.
        if (read.Issuer.TrimEnd('/') != _settings.Authority!.TrimEnd('/'))
            throw new SecurityTokenInvalidIssuerException("Another issuer's.");
        var (issuer, keys) = await _keys.FindAsync(read.Kid);
        var result = await _handler.ValidateTokenAsync(read, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = _settings.Audience,
            IssuerSigningKeys = keys,
            ValidAlgorithms = Algorithms,
            LifetimeValidator = (from, to, _, _) => IsNow(from, to),
        });
        if (!result.IsValid) throw result.Exception;
        if (!CallerId.IsIssuer(issuer) || !CallerId.IsSubject(read.Subject)) throw new SecurityTokenException("The token has no subject.");
        var caller = new Caller(new CallerId(issuer, read.Subject), RoleOf(read));
        var good = new GoodBearer(caller, new DateTimeOffset(read.ValidTo, TimeSpan.Zero) + ClockSkew);
        _cache.Add(token, good);
        return good;
    }

    private bool IsNow(DateTime? from, DateTime? to)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return to is { } end && now < end + ClockSkew && (from is not { } start || now >= start - ClockSkew);
    }

    private CallerRole RoleOf(JsonWebToken token)
    {
        var named = token.Claims.Where(claim => claim.Type == _settings.RoleClaim).Select(claim => claim.Value).ToList();
        if (named.Count == 0) return CallerRole.Player;
        var roles = named.Where(Roles.ContainsKey).Select(name => Roles[name]).ToHashSet();
        return roles.Count > 0
            ? Array.Find(Precedence, roles.Contains)
            : throw new SecurityTokenException("None of the token's roles is one of the bank's.");
    }
}

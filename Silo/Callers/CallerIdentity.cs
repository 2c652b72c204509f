using System.Security.Claims;
using Banking.Callers;
using Microsoft.IdentityModel.Tokens;

namespace Banking.Silo.Callers;

/// <summary>A caller that proved who they are, in the form that ASP.NET Core's authorization knows.</summary>
internal sealed class CallerIdentity(Caller caller) : ClaimsIdentity(ClaimsOf(caller), authenticationType: "Bearer")
{
    /// <summary>The id of the key that the caller has; absent for a token.</summary>
    public const string KeyClaim = "banking_key";

    public const string IssuerClaim = "iss";

    public const string SubjectClaim = "sub";

    public Caller Caller { get; } = caller;

    private static IEnumerable<Claim> ClaimsOf(Caller caller)
    {
        yield return new Claim(ClaimTypes.Role, caller.Role.ToString());
        yield return new Claim(IssuerClaim, caller.Id.Issuer);
        yield return new Claim(SubjectClaim, caller.Id.Subject);
        if (caller.KeyId is { } key) yield return new Claim(KeyClaim, key);
    }
}

/// <summary>What is kept of a token or key that was found good.</summary>
internal sealed class GoodBearer(Caller caller, DateTimeOffset validTo) : SecurityToken
{
    public CallerIdentity Identity { get; } = new(caller);

    /// <summary>From when on it is refused.</summary>
    public DateTimeOffset EndsAt => validTo;

    public override string Id => "";

    public override string Issuer => Identity.Caller.Id.Issuer;

    public override SecurityKey? SecurityKey => null;

    public override SecurityKey? SigningKey { get; set; }

    public override DateTime ValidFrom => DateTime.MinValue;

    public override DateTime ValidTo => validTo.UtcDateTime;
}

/// <summary>Whether a token or key is good can't be told now.</summary>
internal sealed class CallersUnknownException(string sentence) : SecurityTokenException(sentence);

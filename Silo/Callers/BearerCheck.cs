using Banking.Callers;
using Microsoft.IdentityModel.Tokens;

namespace Banking.Silo.Callers;

/// <summary>What a request has behind <c>Authorization: Bearer</c>: a token of the provider, or a key of the bank. Thread-safe.</summary>
/// <param name="tokens">Null if there is no provider.</param>
internal sealed class BearerCheck(KeyRing keys, TokenCheck? tokens) : TokenHandler
{
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var good = KeyText.IsLikeKey(token) ? keys.Check(token)
            : tokens is not null ? await tokens.CheckAsync(token)
            : throw new SecurityTokenException("There is no provider of tokens.");
        return new TokenValidationResult { IsValid = true, SecurityToken = good, ClaimsIdentity = good.Identity };
    }
}

using Banking.Accounts;
using Banking.Silo.Callers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Net.Http.Headers;

namespace Banking.Silo.Http;

/// <summary>
/// Refuses callers that did not prove who they are, or may not do what they ask for, always as problem details and with
/// <c>WWW-Authenticate</c> (RFC 6750).
/// </summary>
internal sealed class CallerRefusals : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Challenged) return ChallengeAsync(context);
        return authorizeResult.Forbidden ? ForbidAsync(context) : next(context);
    }

    private static async Task ChallengeAsync(HttpContext http)
    {
        var failure = http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Failure;
        if (failure is CallersUnknownException unknown)
        {
            Reply.SetRetryAfter(http);
            await Reply.ProblemAsync(http, Problems.CallersUnknown with { Sentence = unknown.Message });
            return;
        }

        // It says in the header what is wrong with the token.
        await http.ChallengeAsync();
        await Reply.ProblemAsync(http, Problems.Unauthenticated);
    }

    private static Task ForbidAsync(HttpContext http)
    {
        http.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer error=\"insufficient_scope\"";
        return Reply.ProblemAsync(http, Problem.Of(ActionCode.NotAllowed));
    }
}

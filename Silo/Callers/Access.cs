using Banking.Callers;
using Microsoft.AspNetCore.Authorization;

namespace Banking.Silo.Callers;

/// <summary>
/// Who may call a route, by the names of authorization policies. They count only if callers are asked who they are. Whose account it is is
/// for the account to say.
/// </summary>
internal static class Access
{
    /// <summary>Everybody who proves who they are.</summary>
    public const string Anyone = "anyone";

    /// <summary>Those who may have to do with an account.</summary>
    public const string Accounts = "accounts";

    /// <summary>Those who read the lake.</summary>
    public const string Lake = "lake";

    public const string Operators = "operators";

    private static readonly (string Name, CallerRole[] Roles)[] Policies =
    [
        (Anyone, [CallerRole.Player, CallerRole.Server, CallerRole.Operator, CallerRole.Analyst]),
        (Accounts, [CallerRole.Player, CallerRole.Server, CallerRole.Operator]),
        (Lake, [CallerRole.Analyst, CallerRole.Operator]),
        (Operators, [CallerRole.Operator]),
    ];

    /// <summary>Adds the policies. A route that names none is for everybody who proves who they are.</summary>
    public static void AddPolicies(AuthorizationOptions authorization)
    {
        foreach (var (name, roles) in Policies)
            authorization.AddPolicy(name, policy => policy.RequireRole(roles.Select(role => role.ToString())));
        authorization.FallbackPolicy = authorization.GetPolicy(Anyone);
    }
}

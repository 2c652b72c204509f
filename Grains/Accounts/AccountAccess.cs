using Banking.Callers;

namespace Banking.Accounts;

/// <summary>
/// Whose account it is. Its owner and servers act on it and read it, operators read it. To everybody else it is an account that does not
/// exist. Pure.
/// </summary>
public static class AccountAccess
{
    public static bool MayRead(AccountState state, Caller? caller) => MayRead(state.Owner, caller);

    public static bool MayRead(CallerId? owner, Caller? caller) =>
        caller is null or { Role: CallerRole.Server or CallerRole.Operator } || IsOwner(owner, caller);

    /// <summary>
    /// <see cref="ActionCode.AccountUnknown"/> for a caller who must not learn that there is such an account.
    /// <see cref="ActionCode.NotAllowed"/> for one who may know, but not act.
    /// </summary>
    public static ActionCode CheckActing(AccountState state, Caller? caller)
    {
        if (caller is null or { Role: CallerRole.Server } || IsOwner(state, caller)) return ActionCode.Done;
        return caller.Role == CallerRole.Operator && state.WasEverOpened ? ActionCode.NotAllowed : ActionCode.AccountUnknown;
    }

    public static bool IsOwner(AccountState state, Caller caller) => IsOwner(state.Owner, caller);

    private static bool IsOwner(CallerId? owner, Caller caller) => owner is not null && owner == caller.Id;
}

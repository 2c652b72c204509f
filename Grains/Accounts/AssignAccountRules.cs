using Banking.Callers;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>Gives an account, also one that was deleted, to an owner. Only operators do that.</summary>
internal sealed class AssignAccountRules() : ActionRules<AssignAccount>(AssignAccount.Type)
{
    public override ActionCode CheckAccount(AccountState state) => state.WasEverOpened ? ActionCode.Done : ActionCode.AccountUnknown;

    public override ActionCode CheckCaller(AccountState state, Caller? caller) => caller switch
    {
        null or { Role: CallerRole.Operator } => ActionCode.Done,
        _ => AccountAccess.MayRead(state, caller) && state.WasEverOpened ? ActionCode.NotAllowed : ActionCode.AccountUnknown,
    };

    public override bool CanHappen(AccountState state, GameEvent happened) => state.WasEverOpened;

    // An owner that is not known, as in the lake's rows, is nobody: the account is not given to anyone then.
    public override AccountState Fold(AccountState state, GameEvent happened) => state with
    {
        SequenceNumber = happened.SequenceNumber!.Value,
        Owner = happened.Owner,
    };

    public override CallerId? OwnerOf(AccountState state, AccountAction action, Caller? caller) =>
        action is AssignAccount assign ? new CallerId(assign.Issuer, assign.Subject) : null;

    public override AccountAction? Recall(AccountState before, GameEvent happened, string actionId) =>
        happened.Owner is { } owner ? new AssignAccount(owner.Issuer, owner.Subject) { ActionId = actionId } : null;

    protected override ActionCode CheckForm(AssignAccount action) =>
        CallerId.IsIssuer(action.Issuer) && CallerId.IsSubject(action.Subject) ? ActionCode.Done : ActionCode.InvalidOwner;

    protected override string ContentOf(AssignAccount action) => $"assign\n{action.Issuer}\n{action.Subject}";

    protected override Posting Decide(AccountState state, AssignAccount action, Quote? quote, DateTimeOffset now) => Posting.None;

    protected override EventFacts FactsOf(string accountId, AssignAccount action, in Posting posting, Quote? quote) => new(accountId);
}

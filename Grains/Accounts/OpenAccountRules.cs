using Banking.Callers;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>Opens an account, also one that was deleted: its sequence numbers continue.</summary>
internal sealed class OpenAccountRules() : ActionRules<OpenAccount>(OpenAccount.Type)
{
    public override ActionCode CheckAccount(AccountState state) => state.IsOpen ? ActionCode.AccountExists : ActionCode.Done;

    // That an id is taken can't be hidden from somebody who wants to have it.
    public override ActionCode CheckCaller(AccountState state, Caller? caller) => caller switch
    {
        { Role: CallerRole.Analyst } => ActionCode.NotAllowed,
        null or { Role: CallerRole.Server } => ActionCode.Done,
        _ => !state.WasEverOpened || AccountAccess.IsOwner(state, caller) ? ActionCode.Done : ActionCode.AccountExists,
    };

    // An id stays its owner's, whoever opens it again.
    public override CallerId? OwnerOf(AccountState state, AccountAction action, Caller? caller) => state.Owner ?? caller?.Id;

    public override bool CanHappen(AccountState state, GameEvent happened) => !state.IsOpen;

    // Events of earlier builds, and those read from the lake, have neither the holder's name nor the owner: they are unknown
    // then.
    public override AccountState Fold(AccountState state, GameEvent happened) => state with
    {
        SequenceNumber = happened.SequenceNumber!.Value,
        CashChangedAt = CashTime(state, happened),
        IsOpen = true,
        FullName = happened.Holder ?? "",
        Owner = happened.Owner,
    };

    public override AccountAction? Recall(AccountState before, GameEvent happened, string actionId) =>
        happened.Holder is { } holder ? new OpenAccount(holder) { ActionId = actionId } : null;

    protected override ActionCode CheckForm(OpenAccount action) => ActionForm.CheckName(action.FullName);

    protected override string ContentOf(OpenAccount action) => "open\n" + action.FullName;

    protected override Posting Decide(AccountState state, OpenAccount action, Quote? quote, DateTimeOffset now) => Posting.None;

    protected override EventFacts FactsOf(string accountId, OpenAccount action, in Posting posting, Quote? quote) =>
        new(accountId) { Holder = action.FullName };
}

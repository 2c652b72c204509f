using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>Opens an account, also one that was deleted: its sequence numbers continue.</summary>
internal sealed class OpenAccountRules() : ActionRules<OpenAccount>(OpenAccount.Type)
{
    public override ActionCode CheckAccount(AccountState state) => state.IsOpen ? ActionCode.AccountExists : ActionCode.Done;

    public override bool CanHappen(AccountState state, GameEvent happened) => !state.IsOpen;

    // Events of earlier builds, and those read from the lake, don't have the holder's name: it is unknown then.
    public override AccountState Fold(AccountState state, GameEvent happened) => state with
    {
        SequenceNumber = happened.SequenceNumber!.Value,
        CashChangedAt = CashTime(state, happened),
        IsOpen = true,
        FullName = happened.Holder ?? "",
    };

    public override AccountAction? Recall(AccountState before, GameEvent happened, string actionId) =>
        happened.Holder is { } holder ? new OpenAccount(holder) { ActionId = actionId } : null;

    protected override ActionCode CheckForm(OpenAccount action) => ActionForm.CheckName(action.FullName);

    protected override string ContentOf(OpenAccount action) => "open\n" + action.FullName;

    protected override Posting Decide(AccountState state, OpenAccount action, Quote? quote, DateTimeOffset now) => Posting.None;

    protected override EventFacts FactsOf(string accountId, OpenAccount action, in Posting posting, Quote? quote) =>
        new(accountId) { Holder = action.FullName };
}

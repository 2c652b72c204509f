using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>Closes an account for a caller who knows the holder's name: the cash is paid out, and the positions lapse.</summary>
internal sealed class DeleteAccountRules() : ActionRules<DeleteAccount>(DeleteAccount.Type)
{
    public override AccountState Fold(AccountState state, GameEvent happened) => state with
    {
        SequenceNumber = happened.SequenceNumber!.Value,
        CashChangedAt = CashTime(state, happened),
        IsOpen = false,
        FullName = "",
        Cash = 0,
        Positions = [],
        PaidOut = state.PaidOut + happened.Amount.GetValueOrDefault(),
    };

    public override AccountAction? Recall(AccountState before, GameEvent happened, string actionId) =>
        before.FullName.Length > 0 ? new DeleteAccount(before.FullName) { ActionId = actionId } : null;

    protected override ActionCode CheckForm(DeleteAccount action) => ActionForm.CheckName(action.FullName);

    protected override string ContentOf(DeleteAccount action) => "delete\n" + action.FullName;

    protected override Posting Decide(AccountState state, DeleteAccount action, Quote? quote, DateTimeOffset now) =>
        NormalForm.Of(action.FullName) == NormalForm.Of(state.FullName)
            ? new(state.Cash, -state.Cash)
            : Posting.Refused(ActionCode.NameMismatch);

    protected override EventFacts FactsOf(string accountId, DeleteAccount action, in Posting posting, Quote? quote) =>
        new(accountId) { Amount = posting.Amount };
}

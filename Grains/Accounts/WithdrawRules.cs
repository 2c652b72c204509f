using System.Globalization;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>Pays cash out.</summary>
internal sealed class WithdrawRules() : ActionRules<Withdraw>(Withdraw.Type)
{
    public override AccountState Fold(AccountState state, GameEvent happened) => state with
    {
        SequenceNumber = happened.SequenceNumber!.Value,
        CashChangedAt = CashTime(state, happened),
        Cash = state.Cash - happened.Amount.GetValueOrDefault(),
        PaidOut = state.PaidOut + happened.Amount.GetValueOrDefault(),
    };

    public override AccountAction? Recall(AccountState before, GameEvent happened, string actionId) =>
        new Withdraw(happened.Amount.GetValueOrDefault()) { ActionId = actionId };

    protected override ActionCode CheckForm(Withdraw action) => ActionForm.CheckAmount(action.Amount);

    protected override string ContentOf(Withdraw action) => string.Create(CultureInfo.InvariantCulture, $"withdraw\n{action.Amount:0.##}");

    protected override Posting Decide(AccountState state, Withdraw action, Quote? quote, DateTimeOffset now)
    {
        if (state.Cash == 0) return Posting.Refused(ActionCode.NoCash);
        var amount = Cash.Cents(action.Amount);
        return amount > state.Cash ? Posting.Refused(ActionCode.CashShort) : new(amount, -amount);
    }

    protected override EventFacts FactsOf(string accountId, Withdraw action, in Posting posting, Quote? quote) =>
        Cash.FactsOf(accountId, action.Amount, posting);
}

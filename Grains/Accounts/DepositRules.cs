using System.Globalization;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>Pays cash in.</summary>
internal sealed class DepositRules() : ActionRules<Deposit>(Deposit.Type)
{
    public override AccountState Fold(AccountState state, GameEvent happened) => state with
    {
        SequenceNumber = happened.SequenceNumber!.Value,
        CashChangedAt = CashTime(state, happened),
        Cash = state.Cash + happened.Amount.GetValueOrDefault(),
        PaidIn = state.PaidIn + happened.Amount.GetValueOrDefault(),
    };

    public override AccountAction? Recall(AccountState before, GameEvent happened, string actionId) =>
        new Deposit(happened.Amount.GetValueOrDefault()) { ActionId = actionId };

    protected override ActionCode CheckForm(Deposit action) => ActionForm.CheckAmount(action.Amount);

    protected override string ContentOf(Deposit action) => string.Create(CultureInfo.InvariantCulture, $"deposit\n{action.Amount:0.##}");

    protected override Posting Decide(AccountState state, Deposit action, Quote? quote, DateTimeOffset now)
    {
        var amount = Cash.Cents(action.Amount);
        return state.Cash + amount > AccountLimits.MaxBalance ? Posting.Refused(ActionCode.BalanceOutOfRange) : new(amount, amount);
    }

    protected override EventFacts FactsOf(string accountId, Deposit action, in Posting posting, Quote? quote) =>
        Cash.FactsOf(accountId, action.Amount, posting);
}

using Banking.Markets;

namespace Banking.Accounts;

/// <summary>
/// The game's rules for accounts: pure functions of the state, the action, the time and the quote. <see cref="Decide"/> says what happens,
/// <see cref="Apply(AccountState, Decision, in ActionIdentity, in Retention)"/> makes it so.
/// </summary>
public static class AccountRules
{
    /// <summary>Decides an action. Codes take precedence in the order of <see cref="ActionCode"/>.</summary>
    /// <param name="state">The account's current state, its outbox without events that the log has confirmed.</param>
    /// <param name="identity">Of <paramref name="action"/>.</param>
    /// <param name="quote">For a trade, the asset's quote; null if the asset is not listed.</param>
    /// <param name="now">Taken as the time of the decision, cut to whole milliseconds.</param>
    public static Decision Decide(
        AccountState state,
        string accountId,
        AccountAction action,
        in ActionIdentity identity,
        Quote? quote,
        DateTimeOffset now,
        AccountOptions options)
    {
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var form = ActionForm.Check(accountId, action);
        if (form != ActionCode.Done) return Refuse(form, state, now, remember: false);
        if (state.SetAside is not null) return Refuse(ActionCode.AccountSetAside, state, now, remember: false);
        if (state.Memory.TryFind(identity, out var known))
        {
            return known.Fingerprint == identity.Fingerprint || known.Fingerprint == ActionIdentity.UnknownFingerprint
                ? new(known.Replay(), null, null, false)
                : Refuse(ActionCode.ActionIdReused, state, now, remember: false);
        }

        var unknown = state.Memory.CheckUnknown(identity, now);
        if (unknown != ActionCode.Done) return Refuse(unknown, state, now, remember: false);
        if (state.Outbox.Length >= options.MaxUnpublishedEvents)
        {
            return Refuse(ActionCode.TooManyUnpublishedEvents, state, now, remember: false);
        }

        var code = action is OpenAccount ? CheckOpening(state) : CheckAccount(state);
        if (code != ActionCode.Done) return Refuse(code, state, now, remember: state.WasEverOpened);
        var posting = action switch
        {
            OpenAccount => Posting.None,
            DeleteAccount a => NormalForm.Of(a.FullName) == NormalForm.Of(state.FullName)
                ? new Posting(state.Cash, -state.Cash)
                : Posting.Refused(ActionCode.NameMismatch),
            Deposit a => PayIn(state, Cents(a.Amount)),
            Withdraw a => PayOut(state, Cents(a.Amount)),
            BuyAsset a => TradeRules.Buy(state, a, quote, now),
            SellAsset a => TradeRules.Sell(state, a, quote, now),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
        };
        if (posting.Code != ActionCode.Done) return Refuse(posting.Code, state, now, remember: posting.Code != ActionCode.QuoteExpired);

        var happened = AccountEvents.Of(state, accountId, action, posting, quote, now);
        var result = new ActionResult
        {
            Code = ActionCode.Done,
            SequenceNumber = happened.SequenceNumber!.Value,
            OccurredAt = now,
            Amount = posting.Amount,
            CashBalance = happened.CashBalance!.Value,
            UnitPrice = posting.UnitPrice,
        };
        return new(result, happened, (action as OpenAccount)?.FullName, true);
    }

    /// <summary>The state after a decision: its event folded in, its result remembered, its event in the outbox.</summary>
    /// <param name="keep">What its memory must not forget.</param>
    public static AccountState Apply(AccountState state, Decision decision, in ActionIdentity identity, in Retention keep)
    {
        if (decision.Event is { } happened)
        {
            state = AccountEvents.Fold(state, happened) with { Outbox = [.. state.Outbox, happened] };
            if (decision.FullName is { } name) state = state with { FullName = name };
        }

        if (!decision.Remember) return state;
        return state with { Memory = state.Memory.Add(RememberedAction.From(identity, decision.Result), keep) };
    }

    private static ActionCode CheckOpening(AccountState state) => state.IsOpen ? ActionCode.AccountExists : ActionCode.Done;

    private static ActionCode CheckAccount(AccountState state) => state switch
    {
        { WasEverOpened: false } => ActionCode.AccountUnknown,
        { IsOpen: false } => ActionCode.AccountClosed,
        _ => ActionCode.Done,
    };

    private static Posting PayIn(AccountState state, decimal amount) =>
        state.Cash + amount > AccountLimits.MaxBalance ? Posting.Refused(ActionCode.BalanceOutOfRange) : new(amount, amount);

    private static Posting PayOut(AccountState state, decimal amount)
    {
        if (state.Cash == 0) return Posting.Refused(ActionCode.NoCash);
        return amount > state.Cash ? Posting.Refused(ActionCode.CashShort) : new(amount, -amount);
    }

    // 5.0000 is 5.00: the digits behind the cents would stay in balances and events for ever.
    private static decimal Cents(decimal amount) => decimal.Round(amount, 2);

    private static Decision Refuse(ActionCode code, AccountState state, DateTimeOffset now, bool remember) =>
        new(new ActionResult { Code = code, OccurredAt = now, CashBalance = state.Cash }, null, null, remember);
}

using Banking.Callers;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>
/// The game's rules for accounts: pure functions of the state, the action, the time and the quote. <see cref="Decide"/> says what happens,
/// <see cref="Apply(AccountState, Decision, in ActionIdentity, in Retention)"/> makes it so.
/// </summary>
public static class AccountRules
{
    /// <summary>Decides an action. Codes take precedence in the order of <see cref="ActionCode"/>.</summary>
    /// <param name="state">The account's current state, with an outbox without events that the log has confirmed.</param>
    /// <param name="identity">The identity of <paramref name="action"/>.</param>
    /// <param name="quote">For a trade, the asset's quote; null if the asset is not listed.</param>
    /// <param name="now">The time of the decision; cut to whole milliseconds.</param>
    /// <param name="caller">Who asks for it; null for the bank itself, which may do everything.</param>
    public static Decision Decide(
        AccountState state,
        string accountId,
        AccountAction action,
        in ActionIdentity identity,
        Quote? quote,
        DateTimeOffset now,
        AccountOptions options,
        Caller? caller = null)
    {
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var form = ActionForm.Check(accountId, action);
        if (form != ActionCode.Done) return Refuse(form, state, now, remember: false);
        var rules = ActionBook.RulesOf(action);
        var access = rules.CheckCaller(state, caller);
        if (access != ActionCode.Done) return Refuse(access, state with { Cash = 0 }, now, remember: false);
        if (state.SetAside is not null) return Refuse(ActionCode.AccountSetAside, state, now, remember: false);
        if (state.Memory.TryFind(identity, out var known))
        {
            return known.Fingerprint == identity.Fingerprint || known.Fingerprint == ActionIdentity.UnknownFingerprint
                ? new(known.Replay(), null, false)
                : Refuse(ActionCode.ActionIdReused, state, now, remember: false);
        }

        var unknown = state.Memory.CheckUnknown(identity, now);
        if (unknown != ActionCode.Done) return Refuse(unknown, state, now, remember: false);
        if (state.Outbox.Length >= options.MaxUnpublishedEvents)
        {
            return Refuse(ActionCode.TooManyUnpublishedEvents, state, now, remember: false);
        }

        var code = rules.CheckAccount(state);
        if (code != ActionCode.Done) return Refuse(code, state, now, remember: state.WasEverOpened);
        var posting = rules.Decide(state, action, quote, now);
        if (posting.Code != ActionCode.Done) return Refuse(posting.Code, state, now, remember: posting.Code != ActionCode.QuoteExpired);

        var happened = AccountEvents.Of(state, accountId, action, rules, posting, quote, now, caller);
        var result = new ActionResult
        {
            Code = ActionCode.Done,
            SequenceNumber = happened.SequenceNumber!.Value,
            OccurredAt = now,
            Amount = posting.Amount,
            CashBalance = happened.CashBalance!.Value,
            UnitPrice = posting.UnitPrice,
        };
        return new(result, happened, true);
    }

    /// <summary>The state after a decision: the event folded in and put into the outbox, the result remembered.</summary>
    /// <param name="keep">What the account's memory must keep.</param>
    public static AccountState Apply(AccountState state, Decision decision, in ActionIdentity identity, in Retention keep)
    {
        if (decision.Event is { } happened)
        {
            state = AccountEvents.Fold(state, happened) with { Outbox = [.. state.Outbox, happened] };
        }

        if (!decision.Remember) return state;
        return state with { Memory = state.Memory.Add(RememberedAction.From(identity, decision.Result), keep) };
    }

    private static Decision Refuse(ActionCode code, AccountState state, DateTimeOffset now, bool remember) =>
        new(new ActionResult { Code = code, OccurredAt = now, CashBalance = state.Cash }, null, remember);
}

/// <summary>What an account decides about an action.</summary>
/// <param name="Event">What happened; null if nothing did.</param>
/// <param name="Remember">Whether the result is to be given again to a retry.</param>
public readonly record struct Decision(ActionResult Result, GameEvent? Event, bool Remember)
{
    public bool ChangesState => Remember || Event is not null;
}

/// <summary>The money that an action moves, or why it moves none.</summary>
/// <param name="Amount">Positive.</param>
/// <param name="CashChange">What is added to the account's cash.</param>
/// <param name="UnitPrice">The unit price of a trade.</param>
public readonly record struct Posting(decimal Amount, decimal CashChange, decimal UnitPrice = 0, ActionCode Code = ActionCode.Done)
{
    public static Posting None => default;

    public static Posting Refused(ActionCode code) => new(0, 0, 0, code);
}

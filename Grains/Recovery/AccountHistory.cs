using System.Globalization;
using Banking.Accounts;
using Banking.Events;

namespace Banking.Recovery;

/// <summary>How an event found in the log relates to an account's state.</summary>
public enum Intake
{
    /// <summary>The state has the event already.</summary>
    Known,

    /// <summary>The event is the state's next one, and is now in it.</summary>
    Taken,

    /// <summary>Events before it are missing.</summary>
    Gap,

    /// <summary>The event can't have happened to this state.</summary>
    Contradiction,
}

/// <summary>
/// Builds an account's state from its own events, as found in the log or the lake. The fold is the truth, and is checked against the
/// balance that the event itself tells. Pure.
/// </summary>
public static class AccountHistory
{
    /// <summary>Takes in an event if it is the next one.</summary>
    /// <param name="state">The state before; never changed.</param>
    /// <param name="next">The state with the event, if it was taken in; otherwise <paramref name="state"/>.</param>
    /// <param name="reason">A sentence about a contradiction; otherwise null.</param>
    public static Intake TakeIn(AccountState state, GameEvent happened, AccountOptions options, out AccountState next, out string? reason)
    {
        (next, reason) = (state, null);
        var number = happened.SequenceNumber!.Value;
        if (number <= state.SequenceNumber) return Compare(state, happened, out reason);
        if (number > state.SequenceNumber + 1) return Intake.Gap;
        if (!CanHappen(state, happened))
        {
            reason = Contradiction(happened, "it can't have happened to the account as its earlier events left it");
            return Intake.Contradiction;
        }

        var folded = AccountEvents.Fold(state, happened);
        if (happened.CashBalance is { } told && told != folded.Cash)
        {
            reason = Contradiction(
                happened,
                string.Create(CultureInfo.InvariantCulture, $"it tells a balance of {told}, and all events up to it make {folded.Cash}"));
            return Intake.Contradiction;
        }

        next = Remember(folded, state, happened, options);
        return Intake.Taken;
    }

    /// <summary>Compares an event that the state may hold as not yet published: the log must have exactly the same one.</summary>
    private static Intake Compare(AccountState state, GameEvent happened, out string? reason)
    {
        reason = null;

        // Not counted from the state's number: that grows while events are taken in, but the outbox stays as it was.
        if (state.Outbox is not [{ SequenceNumber: { } first }, ..]) return Intake.Known;
        var at = happened.SequenceNumber!.Value - first;
        if (at < 0 || at >= state.Outbox.Length) return Intake.Known;
        var own = state.Outbox[at];
        if (own.ActionId == happened.ActionId && own.EventType == happened.EventType && own.Amount == happened.Amount) return Intake.Known;
        reason = Contradiction(
            happened, "the database has another event of this number, which was answered while the log could not be compared");
        return Intake.Contradiction;
    }

    private static bool CanHappen(AccountState state, GameEvent happened) =>
        ActionBook.FindRules(happened.EventType) is { } rules && rules.CanHappen(state, happened);

    // A client that never got its answer tries again, and must get the first result.
    private static AccountState Remember(AccountState folded, AccountState before, GameEvent happened, AccountOptions options)
    {
        if (!ActionForm.IsActionId(happened.ActionId)) return folded;
        var result = new ActionResult
        {
            Code = ActionCode.Done,
            SequenceNumber = happened.SequenceNumber!.Value,
            OccurredAt = happened.OccurredAt,
            Amount = happened.Amount ?? 0,
            CashBalance = folded.Cash,
            UnitPrice = happened.UnitPrice ?? 0,
        };
        var remembered = RememberedAction.From(IdentityOf(before, happened), result);
        return folded with { Memory = folded.Memory.Add(remembered, Retention.Of(options, happened.OccurredAt, happened.OccurredAt)) };
    }

    private static ActionIdentity IdentityOf(AccountState before, GameEvent happened)
    {
        var id = happened.ActionId!;
        return ActionBook.FindRules(happened.EventType)!.Recall(before, happened, id) is { } action
            ? ActionIdentity.Of(action)
            : ActionIdentity.OfUnknown(id);
    }

    private static string Contradiction(GameEvent happened, string why) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"event {happened.SequenceNumber} ({happened.EventType}) of the log contradicts the account: {why}.");
}

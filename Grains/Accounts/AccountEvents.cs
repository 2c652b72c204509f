using System.Globalization;
using Banking.Callers;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>An account's events: how they are made, and how a state follows from them.</summary>
public static class AccountEvents
{
    /// <summary>The state after an event.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The event is not one of an account.</exception>
    public static AccountState Fold(AccountState state, GameEvent happened) =>
        (ActionBook.FindRules(happened.EventType)
            ?? throw new ArgumentOutOfRangeException(nameof(happened), happened.EventType, "Not an event of an account."))
        .Fold(state, happened);

    /// <summary>The event of an action that the account has decided to perform.</summary>
    internal static GameEvent Of(
        AccountState state,
        string accountId,
        AccountAction action,
        ActionRules rules,
        in Posting posting,
        Quote? quote,
        DateTimeOffset now,
        Caller? caller)
    {
        var sequence = state.SequenceNumber + 1;
        var facts = rules.FactsOf(accountId, action, posting, quote);
        return new GameEvent
        {
            EventType = rules.Type.EventType,
            Description = facts.Description,
            Origin = Origins.Cut(action.Origin),
            EventId = string.Create(CultureInfo.InvariantCulture, $"account/{accountId}/{sequence}"),
            AccountId = accountId,
            SequenceNumber = sequence,
            ActionId = action.ActionId,
            OccurredAt = now,
            AssetName = facts.AssetName,
            AssetType = facts.AssetType,
            Quantity = facts.Quantity,
            UnitPrice = facts.UnitPrice,
            Amount = facts.Amount,
            CashBalance = state.Cash + posting.CashChange,
            Holder = facts.Holder,
            Owner = rules.OwnerOf(state, action, caller),
        };
    }
}

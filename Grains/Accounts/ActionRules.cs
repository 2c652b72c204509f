using Banking.Callers;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>
/// The bank's rules for one type of action. They tell what can be wrong with the action itself, what distinguishes it from another with the
/// same id, and what it does to an account. They also tell which event it becomes, and how that event changes a state. Pure and
/// thread-safe.
/// </summary>
internal abstract class ActionRules
{
    public abstract ActionType Type { get; }

    /// <summary>What is wrong with an action whatever the account's state, apart from the action's id and the account's id.</summary>
    public abstract ActionCode CheckForm(AccountAction action);

    /// <summary>
    /// Everything that the action asks for, as text. It is remembered as a hash, so its form must never change once released. Numbers are
    /// written without trailing zeros, as 5, 5.0 and "5.00" ask for the same.
    /// </summary>
    public abstract string ContentOf(AccountAction action);

    /// <summary>The asset whose quote the decision needs; null if it needs none.</summary>
    public virtual string? AssetOf(AccountAction action) => null;

    /// <summary>Checks that the account is open, or not open, as the action requires.</summary>
    public virtual ActionCode CheckAccount(AccountState state) => state switch
    {
        { WasEverOpened: false } => ActionCode.AccountUnknown,
        { IsOpen: false } => ActionCode.AccountClosed,
        _ => ActionCode.Done,
    };

    /// <summary>
    /// Whether the caller may do this to the account: see <see cref="AccountAccess"/>. It is asked before anything else about the account.
    /// </summary>
    /// <param name="caller">Null for the bank itself.</param>
    public virtual ActionCode CheckCaller(AccountState state, Caller? caller) => AccountAccess.CheckActing(state, caller);

    /// <summary>The owner that the event of the action tells; null if it tells none.</summary>
    public virtual CallerId? OwnerOf(AccountState state, AccountAction action, Caller? caller) => null;

    /// <summary>What the action does to an account that has passed <see cref="CheckAccount"/>.</summary>
    public abstract Posting Decide(AccountState state, AccountAction action, Quote? quote, DateTimeOffset now);

    /// <summary>What the event of a decided action tells, beyond what the events of all actions tell.</summary>
    public abstract EventFacts FactsOf(string accountId, AccountAction action, in Posting posting, Quote? quote);

    /// <summary>Whether an event of this type can have happened to a state.</summary>
    public virtual bool CanHappen(AccountState state, GameEvent happened) => state.IsOpen;

    /// <summary>The state after an event of this type. It is copied only once, as every action pays for the copy.</summary>
    public abstract AccountState Fold(AccountState state, GameEvent happened);

    /// <summary>The action whose event this is; null if the event does not tell everything that was asked for.</summary>
    /// <param name="before">The state before the event.</param>
    public virtual AccountAction? Recall(AccountState before, GameEvent happened, string actionId) => null;

    /// <summary>When the account's cash last changed.</summary>
    protected static DateTimeOffset CashTime(AccountState state, GameEvent happened) =>
        happened.Amount.GetValueOrDefault() == 0 ? state.CashChangedAt : happened.OccurredAt;
}

/// <inheritdoc />
internal abstract class ActionRules<TAction>(ActionType type) : ActionRules
    where TAction : AccountAction
{
    public sealed override ActionType Type => type;

    public sealed override ActionCode CheckForm(AccountAction action) => CheckForm((TAction)action);

    public sealed override string ContentOf(AccountAction action) => ContentOf((TAction)action);

    public sealed override string? AssetOf(AccountAction action) => AssetOf((TAction)action);

    public sealed override Posting Decide(AccountState state, AccountAction action, Quote? quote, DateTimeOffset now) =>
        Decide(state, (TAction)action, quote, now);

    public sealed override EventFacts FactsOf(string accountId, AccountAction action, in Posting posting, Quote? quote) =>
        FactsOf(accountId, (TAction)action, posting, quote);

    protected abstract ActionCode CheckForm(TAction action);

    protected abstract string ContentOf(TAction action);

    protected virtual string? AssetOf(TAction action) => null;

    protected abstract Posting Decide(AccountState state, TAction action, Quote? quote, DateTimeOffset now);

    protected abstract EventFacts FactsOf(string accountId, TAction action, in Posting posting, Quote? quote);
}

/// <summary>What tells the event of one action from those of others.</summary>
internal readonly record struct EventFacts(string Description)
{
    public string? AssetName { get; init; }

    public string? AssetType { get; init; }

    public long? Quantity { get; init; }

    public decimal? UnitPrice { get; init; }

    /// <summary>Null for an action that moves no money.</summary>
    public decimal? Amount { get; init; }

    public string? Holder { get; init; }
}

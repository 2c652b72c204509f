namespace Banking.Accounts;

/// <summary>
/// The outcome of an action. Where several codes apply, the one listed first (after <see cref="Done"/>) is given. The numbers are stored:
/// never reuse one.
/// </summary>
public enum ActionCode
{
    Done = 0,

    // What is wrong with the action whatever the account's state. Not remembered: the action may be corrected and sent again with the same
    // id.
    InvalidActionId = 1,
    InvalidAccountId = 2,
    InvalidName = 3,

    /// <summary>Not positive, or with more than two decimal places.</summary>
    InvalidAmount = 4,

    /// <summary>Not positive.</summary>
    InvalidQuantity = 5,

    /// <summary>The amount is above what one action may move.</summary>
    AmountOutOfRange = 6,

    InvalidLimitPrice = 7,

    /// <summary>The issuer or the subject is not one that a token can have.</summary>
    InvalidOwner = 8,

    // What the account says about the caller. To a caller who may not know of the account, it is unknown: AccountUnknown is given here.
    /// <summary>The caller may know of the account, but does not act on it.</summary>
    NotAllowed = 15,

    // What a check of storage against the log found.
    /// <summary>
    /// Storage, log and lake contradict each other about this account: it does nothing until an operator has repaired it.
    /// </summary>
    AccountSetAside = 9,

    // What the account's memory of earlier actions says.
    /// <summary>This id was used for another action.</summary>
    ActionIdReused = 10,

    /// <summary>
    /// The id's own time is within those of ids that the account has forgotten: the action may have run already, so it does not run.
    /// </summary>
    ActionTooOld = 11,

    /// <summary>
    /// The id carries no time, or one far ahead, and was used within the last day; the account no longer knows for what and with which
    /// result. The action may have run, so it does not run.
    /// </summary>
    ActionForgotten = 13,

    /// <summary>
    /// The account was given so many ids without a time in the last day that it can't remember another one, so this action did not run. An
    /// id that is a UUIDv7 is still accepted.
    /// </summary>
    TooManyActionIds = 14,

    /// <summary>The account's outbox is full: the log can't be reached. Try again with the same id.</summary>
    TooManyUnpublishedEvents = 12,

    // What the account's state says.
    AccountUnknown = 20,
    AccountClosed = 21,
    AccountExists = 22,
    NameMismatch = 23,

    // What the market says.
    AssetUnknown = 30,

    /// <summary>Cash is not for sale.</summary>
    AssetNotTradable = 31,
    MarketHalted = 32,

    /// <summary>The price known to the silo was too old to trade on. Try again with the same id.</summary>
    QuoteExpired = 33,
    PriceBeyondLimit = 34,

    /// <summary>More units than the market lets one order trade.</summary>
    QuantityAboveMarketLimit = 35,

    // What the holdings say.
    /// <summary>A withdrawal from an account without any cash.</summary>
    NoCash = 40,
    CashShort = 41,
    HoldingShort = 42,

    /// <summary>The balance or the position would grow beyond what an account can hold.</summary>
    BalanceOutOfRange = 43,
}

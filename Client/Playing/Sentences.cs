using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Playing;

/// <summary>What the bank's refusals mean to a player. Pure.</summary>
internal static class Sentences
{
    public static string OfRefusal(ActionCode code) => code switch
    {
        ActionCode.InvalidActionId => "The action's id is not one that the bank takes.",
        ActionCode.InvalidAccountId => "An account's name has 1 to 128 letters and digits of any script, and . _ - @ + only.",
        ActionCode.InvalidName => "A full name has 1 to 256 characters.",
        ActionCode.InvalidAmount => "An amount is above zero and has at most two decimals.",
        ActionCode.InvalidQuantity => "A quantity is a whole number above zero.",
        ActionCode.InvalidLimitPrice => "A limit price is above zero.",
        ActionCode.AmountOutOfRange => "That is more than one action may move.",
        ActionCode.InvalidOwner => "That is no owner.",
        ActionCode.NotAllowed => "That is not for you to do.",
        ActionCode.AccountSetAside => "Your account is being mended by the bank; try again later.",
        ActionCode.ActionIdReused => "That id was another action's; do it again as a new one.",
        ActionCode.ActionTooOld => "That was asked too long ago, and may have been done then; look at your account.",
        ActionCode.ActionForgotten => "That may have been done before, and its result is no longer kept; look at your account.",
        ActionCode.TooManyActionIds => "Your account was given more ids without a time today than the bank can remember.",
        ActionCode.TooManyUnpublishedEvents => "The bank is behind with its books; try again in a moment.",
        ActionCode.AccountUnknown => "There is no such account.",
        ActionCode.AccountClosed => "The account is closed.",
        ActionCode.AccountExists => "That account is open already.",
        ActionCode.NameMismatch => "That is not the holder's name.",
        ActionCode.AssetUnknown => "There is no such asset.",
        ActionCode.AssetNotTradable => "That is not for sale.",
        ActionCode.MarketHalted => "Its market is halted.",
        ActionCode.QuoteExpired => "The price moved on; try again.",
        ActionCode.PriceBeyondLimit => "The price is beyond your limit.",
        ActionCode.QuantityAboveMarketLimit => "That is more than one order may trade.",
        ActionCode.NoCash => "You have no cash.",
        ActionCode.CashShort => "You don't have that much cash.",
        ActionCode.HoldingShort => "You don't own that many.",
        ActionCode.BalanceOutOfRange => "That is more than an account can hold.",
        _ => $"The bank refused: {ActionCodes.NameOf(code)}.",
    };
}

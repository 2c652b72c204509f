using Banking.Accounts;

namespace Banking.Silo.Http;

/// <summary>How each outcome is reported over HTTP: the status, the stable code, and a sentence for people.</summary>
public static class Refusals
{
    public static int StatusOf(ActionCode code) => code switch
    {
        ActionCode.Done => StatusCodes.Status200OK,
        ActionCode.InvalidActionId or ActionCode.InvalidAccountId or ActionCode.InvalidName or ActionCode.InvalidAmount
            or ActionCode.InvalidQuantity
            or ActionCode.AmountOutOfRange or ActionCode.InvalidLimitPrice or ActionCode.InvalidOwner => StatusCodes.Status400BadRequest,
        ActionCode.AccountSetAside => StatusCodes.Status503ServiceUnavailable,
        ActionCode.NotAllowed => StatusCodes.Status403Forbidden,
        ActionCode.ActionIdReused => StatusCodes.Status422UnprocessableEntity,
        ActionCode.TooManyUnpublishedEvents or ActionCode.QuoteExpired => StatusCodes.Status503ServiceUnavailable,
        ActionCode.AccountUnknown or ActionCode.AccountClosed or ActionCode.AssetUnknown => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status409Conflict,
    };

    /// <summary>The code in snake case, e.g. <c>cash_short</c>.</summary>
    public static string NameOf(ActionCode code) => Names[code];

    public static string SentenceOf(ActionCode code) => code switch
    {
        ActionCode.Done => "Done.",
        ActionCode.InvalidActionId =>
            "The idempotency key must be sent once, and have 1 to 128 visible ASCII characters, bare or in double quotes.",
        ActionCode.InvalidAccountId =>
            "An account id has 1 to 128 letters (with their marks) and digits of any script, and '.', '_', '-', '@', '+'; "
            + "it is not '.' or '..'.",
        ActionCode.InvalidName => "A name has 1 to 256 characters, none of them control characters.",
        ActionCode.InvalidAmount => "The amount must be above 0, with up to two decimal places.",
        ActionCode.InvalidQuantity => "The quantity must be a whole number above 0.",
        ActionCode.AmountOutOfRange => "One action moves at most 1000000000000, in money or units.",
        ActionCode.InvalidLimitPrice => "The limit price must be above 0, with up to six decimal places.",
        ActionCode.InvalidOwner =>
            "An owner's issuer has 1 to 256 visible ASCII characters; the subject has 1 to 256 characters, none of them control "
            + "characters.",
        ActionCode.NotAllowed => "That is not for this caller to do.",
        ActionCode.AccountSetAside =>
            "The account is set aside: database, log and lake contradict each other about it. An operator has to repair it.",
        ActionCode.ActionIdReused => "This idempotency key was used for another action.",
        ActionCode.ActionTooOld =>
            "The account no longer knows whether this action was performed: its key is older than those it has forgotten.",
        ActionCode.ActionForgotten => "This idempotency key was used within the last day, and the account no longer knows with which "
            + "result. It was not performed again.",
        ActionCode.TooManyActionIds =>
            "Not performed: the account can't remember another idempotency key without a time today. Use a UUIDv7 as the key.",
        ActionCode.TooManyUnpublishedEvents => "The account waits for the log to take its earlier events. Try again with the same key.",
        ActionCode.AccountUnknown => "There is no such account.",
        ActionCode.AccountClosed => "The account was deleted.",
        ActionCode.AccountExists => "The account is open already.",
        ActionCode.NameMismatch => "The name is not the account holder's.",
        ActionCode.AssetUnknown => "There is no such asset.",
        ActionCode.AssetNotTradable => "This asset can't be bought or sold.",
        ActionCode.MarketHalted => "Trading in this asset is halted.",
        ActionCode.QuoteExpired => "The price changed before the trade was settled. Try again with the same key.",
        ActionCode.PriceBeyondLimit => "The market's price is beyond the limit price.",
        ActionCode.QuantityAboveMarketLimit => "The market does not take orders of this size.",
        ActionCode.NoCash => "There is no cash to withdraw.",
        ActionCode.CashShort => "The account has less cash than that.",
        ActionCode.HoldingShort => "The account holds fewer units than that.",
        ActionCode.BalanceOutOfRange => "The account can't hold that much.",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    private static readonly Dictionary<ActionCode, string> Names =
        Enum.GetValues<ActionCode>().ToDictionary(c => c, c => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(c.ToString()));
}

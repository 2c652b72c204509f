using Banking.Accounts;

namespace Banking.Silo.Http.Legacy;

/// <summary>
/// What the old API said: plain sentences for outcomes, <c>{"message": …}</c> for malformed requests. Where it had no sentence, the new
/// API's is given.
/// </summary>
public static class LegacyReply
{
    public const string NoInput = "No input data provided";
    public const string NeedsNameAndId = "Must provide user_name and user_id.";
    public const string NeedsIdAndAmount = "Must provide valid user_id and amount.";
    public const string NeedsOrder = "Must provide valid user_id, number_of and asset_name.";
    public const string UserNotFound = "User ID not found";
    public const string AssetUnknown = "Asset doesn't exist!";

    /// <summary>The plain sentence; null where the reply is a JSON message.</summary>
    public static string? Sentence(AccountAction action, ActionCode code) => (action, code) switch
    {
        (OpenAccount, ActionCode.Done) => "Account Opened!",
        (DeleteAccount, ActionCode.Done) => "Account Deleted!",
        (Deposit, ActionCode.Done) => "Amount deposited!",
        (Withdraw, ActionCode.Done) => "Amount withdrawn!",
        (BuyAsset, ActionCode.Done) => "Asset purchased!",
        (SellAsset, ActionCode.Done) => "Asset sold!",
        (DeleteAccount, ActionCode.AccountUnknown or ActionCode.AccountClosed) => null,
        (_, ActionCode.AccountUnknown or ActionCode.AccountClosed) => "Account doesn't exist!",
        (_, ActionCode.AccountExists) => "Account already exists! Pick a unique username.",
        (_, ActionCode.NameMismatch) => "Provided information does not match records!",
        (_, ActionCode.NoCash) => "There is no cash to withdraw.",
        (Withdraw, ActionCode.CashShort) => "Overdraft! Too much money withdrawn. The transaction will be cancelled.",
        (BuyAsset, ActionCode.CashShort) => "Not enough money to purchase asset!",
        (_, ActionCode.HoldingShort) => "You don't own enough of the asset!",
        (_, ActionCode.AssetUnknown) => AssetUnknown,
        (_, ActionCode.InvalidAccountId or ActionCode.InvalidName or ActionCode.InvalidAmount or ActionCode.InvalidQuantity
            or ActionCode.AmountOutOfRange) => null,
        _ => Refusals.SentenceOf(code),
    };

    /// <summary>The message of a JSON reply.</summary>
    public static string Message(AccountAction action, ActionCode code) => (action, code) switch
    {
        (DeleteAccount, ActionCode.AccountUnknown or ActionCode.AccountClosed) => "Must provide existing user_name and user_id.",
        (OpenAccount or DeleteAccount, _) => NeedsNameAndId,
        (Deposit or Withdraw, _) => NeedsIdAndAmount,
        _ => NeedsOrder,
    };
}

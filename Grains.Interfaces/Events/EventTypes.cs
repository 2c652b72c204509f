namespace Banking.Events;

/// <summary>The values of an event's <c>event_type</c>; the tables' queries group by them.</summary>
public static class EventTypes
{
    public const string Default = "default";
    public const string ReturnAssetPrice = "return_asset_price";
    public const string ReturnAccountInformation = "return_account_information";
    public const string OpenAccount = "open_account";
    public const string DeleteAccount = "delete_account";
    public const string MakeDeposit = "make_deposit";
    public const string MakeWithdrawal = "make_withdrawal";
    public const string BuyAsset = "buy_asset";
    public const string SellAsset = "sell_asset";
}

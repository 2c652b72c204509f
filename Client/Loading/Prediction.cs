using Banking.Accounts;

namespace Banking.Client.Loading;

/// <summary>Which codes an action may be answered with, by the documented order of precedence. Pure.</summary>
internal static class Prediction
{
    /// <summary>
    /// The most that a model dares to predict: beyond it the bank's own limits, which a client does not know, have a say.
    /// </summary>
    public const decimal SafeAmount = 1_000_000_000m;

    public static CodeSet Of(AccountModel account, AccountAction action, AssetList assets)
    {
        var malformed = OfMalformed(action);
        return malformed.Bits != 0 ? malformed : OfState(account, action, assets);
    }

    private static CodeSet OfMalformed(AccountAction action) => action switch
    {
        OpenAccount { FullName.Length: 0 or > 256 } or DeleteAccount { FullName.Length: 0 or > 256 } => ActionCode.InvalidName,
        Deposit { Amount: var amount } => OfAmount(amount),
        Withdraw { Amount: var amount } => OfAmount(amount),
        BuyAsset { Quantity: <= 0 } or SellAsset { Quantity: <= 0 } => ActionCode.InvalidQuantity,
        BuyAsset { LimitPrice: <= 0 } or SellAsset { LimitPrice: <= 0 } => ActionCode.InvalidLimitPrice,
        _ => default,
    };

    private static CodeSet OfAmount(decimal amount) =>
        amount <= 0 || decimal.Round(amount, 2) != amount ? ActionCode.InvalidAmount
        : amount > SafeAmount ? (CodeSet)ActionCode.AmountOutOfRange | ActionCode.BalanceOutOfRange | ActionCode.CashShort
        : default;

    private static CodeSet OfState(AccountModel account, AccountAction action, AssetList assets)
    {
        if (action is OpenAccount) return account.State == AccountState.Open ? ActionCode.AccountExists : ActionCode.Done;
        switch (account.State)
        {
            case AccountState.NeverOpened: return ActionCode.AccountUnknown;
            case AccountState.Closed: return ActionCode.AccountClosed;
            case AccountState.NotOpen: return (CodeSet)ActionCode.AccountUnknown | ActionCode.AccountClosed;
        }

        return action switch
        {
            DeleteAccount delete => delete.FullName == account.FullName ? ActionCode.Done : ActionCode.NameMismatch,
            Withdraw when account.Cash == 0 => ActionCode.NoCash,
            Withdraw withdraw when withdraw.Amount > account.Cash => ActionCode.CashShort,
            BuyAsset buy => OfTrade(account, buy, assets),
            SellAsset sell => OfTrade(account, sell, assets),
            _ => ActionCode.Done,
        };
    }

    private static CodeSet OfTrade(AccountModel account, BuyAsset buy, AssetList assets)
    {
        if (OfMarket(buy.AssetName, assets) is { } refusal) return refusal;
        var index = assets.IndexOf(buy.AssetName);
        if (buy.LimitPrice is { } limit && limit < assets.PriceOf(index) / 2) return WithMarketsSay(ActionCode.PriceBeyondLimit);
        var (least, most) = assets.CostOf(index, buy.Quantity);
        var outcome = most <= account.Cash ? ActionCode.Done
            : least > account.Cash ? ActionCode.CashShort
            : (CodeSet)ActionCode.Done | ActionCode.CashShort;
        return WithMarketsSay(outcome);
    }

    private static CodeSet OfTrade(AccountModel account, SellAsset sell, AssetList assets)
    {
        if (OfMarket(sell.AssetName, assets) is { } refusal) return refusal;
        var index = assets.IndexOf(sell.AssetName);
        if (sell.LimitPrice is { } limit && limit > assets.PriceOf(index) * 2) return WithMarketsSay(ActionCode.PriceBeyondLimit);
        return WithMarketsSay(sell.Quantity <= account.Positions[index] ? ActionCode.Done : ActionCode.HoldingShort);
    }

    private static CodeSet? OfMarket(string assetName, AssetList assets) =>
        assetName == "cash" ? ActionCode.AssetNotTradable
        : assets.IndexOf(assetName) < 0 ? ActionCode.AssetUnknown
        : null;

    // Somebody may halt a market or limit its orders while the load runs.
    private static CodeSet WithMarketsSay(CodeSet outcome) => outcome | ActionCode.MarketHalted | ActionCode.QuantityAboveMarketLimit;
}

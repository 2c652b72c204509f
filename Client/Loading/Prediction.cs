using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Loading;

/// <summary>
/// What the load expects of each type of action: the codes that may answer it, by the documented order of precedence, and its effect on the
/// account. It is written independently of the bank's rules, so that it is a second opinion. No I/O.
/// </summary>
internal static class Prediction
{
    /// <summary>The most that a model predicts: beyond it the bank's own limits matter, which a client does not know.</summary>
    public const decimal SafeAmount = 1_000_000_000m;

    public static CodeSet Of(AccountModel account, AccountAction action, AssetList assets)
    {
        var malformed = OfMalformed(action);
        return malformed.Bits != 0 ? malformed : OfState(account, action, assets);
    }

    /// <summary>Applies an action that was done to the model.</summary>
    /// <returns>The money that it should have moved, and the cash that should be left.</returns>
    public static (decimal Amount, decimal Cash) Fold(AccountModel account, AccountAction action, BankAnswer answer, AssetList assets)
    {
        switch (action)
        {
            case OpenAccount open:
                account.State = AccountState.Open;
                account.FullName = open.FullName;
                return (0, 0);
            case DeleteAccount:
                account.State = AccountState.Closed;
                Array.Clear(account.Positions);
                return (account.Cash, 0);
            case Deposit deposit:
                return (deposit.Amount, account.Cash + deposit.Amount);
            case Withdraw withdraw:
                return (withdraw.Amount, account.Cash - withdraw.Amount);
            case BuyAsset buy:
                account.Positions[assets.IndexOf(buy.AssetName)] += buy.Quantity;
                var cost = decimal.Round(answer.UnitPrice * buy.Quantity, 2, MidpointRounding.ToPositiveInfinity);
                return (cost, account.Cash - cost);
            case SellAsset sell:
                account.Positions[assets.IndexOf(sell.AssetName)] -= sell.Quantity;
                var proceeds = decimal.Round(answer.UnitPrice * sell.Quantity, 2, MidpointRounding.ToNegativeInfinity);
                return (proceeds, account.Cash + proceeds);
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "The model has no such action.");
        }
    }

    /// <summary>The index of the asset that an action trades; negative if it trades none.</summary>
    public static int TradedAsset(AccountAction action, AssetList assets) => action switch
    {
        BuyAsset buy => assets.IndexOf(buy.AssetName),
        SellAsset sell => assets.IndexOf(sell.AssetName),
        _ => -1,
    };

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

/// <summary>A set of action codes; their numbers are below 64.</summary>
internal readonly record struct CodeSet(ulong Bits)
{
    public static implicit operator CodeSet(ActionCode code) => new(1UL << (int)code);

    public static CodeSet operator |(CodeSet left, CodeSet right) => new(left.Bits | right.Bits);

    public bool Contains(ActionCode code) => (Bits >> (int)code & 1) != 0;

    public override string ToString()
    {
        var set = this;
        return string.Join(" or ", Enum.GetValues<ActionCode>().Where(code => set.Contains(code)).Select(ActionCodes.NameOf));
    }
}

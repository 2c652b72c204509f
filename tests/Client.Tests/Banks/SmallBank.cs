using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Tests.Banks;

/// <summary>
/// The rules of the game in a few lines and in memory, by the contract's words: what the model in the client is held against.
/// </summary>
internal sealed class SmallBank
{
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public IReadOnlyList<AssetPrice> Prices { get; set; } =
    [
        new("stock_a", "stock", 9.123456m, DateTimeOffset.UnixEpoch, false, true),
        new("bond_a", "bond", 6.5m, DateTimeOffset.UnixEpoch, false, true),
        new("cash", "cash", 1m, DateTimeOffset.UnixEpoch, false, false),
    ];

    /// <summary>Called with every event, in order.</summary>
    public Action<BankEvent>? Happened { get; set; }

    public IReadOnlyList<Account> Accounts
    {
        get
        {
            lock (_lock) return [.. _accounts.Values.OrderBy(account => account.Id, StringComparer.Ordinal)];
        }
    }

    public BankAnswer Perform(string accountId, AccountAction action)
    {
        lock (_lock)
        {
            if (accountId.Contains('/', StringComparison.Ordinal)) return Refuse(ActionCode.InvalidAccountId);
            if (!_accounts.TryGetValue(accountId, out var account)) _accounts[accountId] = account = new Account(accountId);
            if (account.Answers.TryGetValue(action.ActionId, out var known))
                return known.Action == action ? known.Answer with { Replayed = true } : Refuse(ActionCode.ActionIdReused);
            var code = Decide(account, action, out var amount, out var price);
            if (code != ActionCode.Done && code < ActionCode.AccountUnknown) return Refuse(code);
            var answer = code == ActionCode.Done ? Apply(account, action, amount, price) : Refuse(code);
            account.Answers[action.ActionId] = (action, answer);
            return answer;
        }
    }

    private static BankAnswer Refuse(ActionCode code) => new(code, 0, 0, 0, 0, false);

    private ActionCode Decide(Account account, AccountAction action, out decimal amount, out decimal price)
    {
        (amount, price) = (0, 0);
        switch (action)
        {
            case OpenAccount { FullName: "" } or DeleteAccount { FullName: "" }: return ActionCode.InvalidName;
            case Deposit { Amount: var money } when IsBad(money): return ActionCode.InvalidAmount;
            case Withdraw { Amount: var money } when IsBad(money): return ActionCode.InvalidAmount;
            case Deposit { Amount: > 1e12m }: return ActionCode.AmountOutOfRange;
            case BuyAsset { Quantity: <= 0 } or SellAsset { Quantity: <= 0 }: return ActionCode.InvalidQuantity;
            case OpenAccount: return account.IsOpen ? ActionCode.AccountExists : ActionCode.Done;
        }

        if (!account.IsOpen) return account.Sequence == 0 ? ActionCode.AccountUnknown : ActionCode.AccountClosed;
        switch (action)
        {
            case DeleteAccount delete:
                amount = account.Cash;
                return delete.FullName == account.FullName ? ActionCode.Done : ActionCode.NameMismatch;
            case Deposit deposit:
                amount = deposit.Amount;
                return ActionCode.Done;
            case Withdraw withdraw:
                amount = withdraw.Amount;
                return account.Cash == 0 ? ActionCode.NoCash : withdraw.Amount > account.Cash ? ActionCode.CashShort : ActionCode.Done;
            case BuyAsset buy:
                if (PriceOf(buy.AssetName, out price) is { } noBuy) return noBuy;
                if (buy.LimitPrice < price) return ActionCode.PriceBeyondLimit;
                amount = decimal.Ceiling(buy.Quantity * price * 100) / 100;
                return amount > account.Cash ? ActionCode.CashShort : ActionCode.Done;
            case SellAsset sell:
                if (PriceOf(sell.AssetName, out price) is { } noSale) return noSale;
                amount = decimal.Floor(sell.Quantity * price * 100) / 100;
                return sell.Quantity > account.Positions.GetValueOrDefault(sell.AssetName) ? ActionCode.HoldingShort : ActionCode.Done;
            default: throw new ArgumentOutOfRangeException(nameof(action));
        }
    }

    private ActionCode? PriceOf(string name, out decimal price)
    {
        var asset = Prices.FirstOrDefault(asset => asset.AssetName == name);
        price = asset?.Price ?? 0;
        return asset is null ? ActionCode.AssetUnknown : asset.Tradable ? null : ActionCode.AssetNotTradable;
    }

    private BankAnswer Apply(Account account, AccountAction action, decimal amount, decimal price)
    {
        account.Sequence++;
        var (type, asset, quantity) = account.Apply(action, amount);
        Happened?.Invoke(new BankEvent(type, account.Id, account.Sequence, action.ActionId, asset, quantity, price, amount, account.Cash));
        return new BankAnswer(ActionCode.Done, account.Sequence, amount, account.Cash, price, false);
    }

    private static bool IsBad(decimal amount) => amount <= 0 || decimal.Round(amount, 2) != amount;
}

internal sealed record BankEvent(
    string Type, string AccountId, long Sequence, string ActionId, string? Asset, long? Quantity, decimal UnitPrice, decimal Amount,
    decimal CashBalance);

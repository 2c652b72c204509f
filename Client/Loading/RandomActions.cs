using Banking.Accounts;

namespace Banking.Client.Loading;

/// <summary>Legal and illegal actions in a mix that keeps most accounts open and solvent; the same seed gives the same choices.</summary>
internal sealed class RandomActions(Random random, AssetList assets) : IActionSource
{
    private static readonly decimal[] BadAmounts = [0m, -5m, 1.234m, -0.01m, 0.001m];

    public AccountAction Next(AccountModel account, string actionId) =>
        account.State == AccountState.Open ? OfOpen(account, actionId) : OfClosed(account, actionId);

    private AccountAction OfClosed(AccountModel account, string id) => random.Next(10) switch
    {
        < 6 => new OpenAccount(account.FullName) { ActionId = id },
        6 => new OpenAccount("") { ActionId = id },
        7 => new Withdraw(Money(1_000)) { ActionId = id },
        8 => new DeleteAccount(account.FullName) { ActionId = id },
        _ => new Deposit(Money(1_000)) { ActionId = id },
    };

    private AccountAction OfOpen(AccountModel account, string id) => random.Next(100) switch
    {
        < 38 => new Deposit(Money(100_000)) { ActionId = id },
        < 52 => new Withdraw(PartOf(account.Cash)) { ActionId = id },
        < 68 => Affordable(account, id),
        < 79 => Sale(account, id),
        < 83 => new Withdraw(account.Cash + Money(1_000)) { ActionId = id },
        < 86 => Overspend(account, id),
        < 88 => new SellAsset(Asset(out var index), Held(account, index) + random.Next(1, 10)) { ActionId = id },
        < 90 => new BuyAsset("no_such_asset", 1) { ActionId = id },
        90 => new BuyAsset("cash", 1) { ActionId = id },
        < 94 => new Deposit(BadAmounts[random.Next(BadAmounts.Length)]) { ActionId = id },
        94 => new SellAsset(Asset(out _), -random.Next(2)) { ActionId = id },
        95 => new BuyAsset(Asset(out _), 1, LimitPrice: 0.000001m) { ActionId = id },
        96 => new Deposit(100_000_000_000_000_000_000m) { ActionId = id },
        97 => new OpenAccount(account.FullName) { ActionId = id },
        98 => new DeleteAccount("somebody else") { ActionId = id },
        _ => new DeleteAccount(account.FullName) { ActionId = id },
    };

    private BuyAsset Affordable(AccountModel account, string id)
    {
        var name = Asset(out var index);
        var most = (long)Math.Min(100, account.Cash / 2 / PriceOf(index));
        return new BuyAsset(name, random.NextInt64(1, Math.Max(1, most) + 1)) { ActionId = id };
    }

    private SellAsset Sale(AccountModel account, string id)
    {
        var name = Asset(out var index);
        var held = Held(account, index);
        return new SellAsset(name, held == 0 ? 1 : random.NextInt64(1, held + 1)) { ActionId = id };
    }

    private BuyAsset Overspend(AccountModel account, string id)
    {
        var name = Asset(out var index);
        return new BuyAsset(name, (long)Math.Min(1_000_000_000, account.Cash * 2 / PriceOf(index)) + 1) { ActionId = id };
    }

    private string Asset(out int index)
    {
        index = assets.Count == 0 ? -1 : random.Next(assets.Count);
        return index < 0 ? "no_such_asset" : assets.NameOf(index);
    }

    private static long Held(AccountModel account, int index) => index < 0 ? 0 : account.Positions[index];

    private decimal PriceOf(int index) => index < 0 ? 1 : assets.PriceOf(index);

    private decimal Money(int mostCents) => random.Next(1, mostCents + 1) / 100m;

    // Now and then all of it, a boundary case that the old system got wrong.
    private decimal PartOf(decimal cash) =>
        cash < 0.02m || random.Next(20) == 0 ? Math.Max(cash, 0.01m) : random.NextInt64(1, (long)(cash * 100)) / 100m;
}

/// <summary>Makes up actions. Each instance is used by one connection.</summary>
internal interface IActionSource
{
    /// <summary>The next action of an account, given its model.</summary>
    AccountAction Next(AccountModel account, string actionId);
}

/// <summary>Opens each account and then only deposits: for benchmarks.</summary>
internal sealed class DepositsOnly(Random random) : IActionSource
{
    public AccountAction Next(AccountModel account, string actionId) => account.State == AccountState.Open
        ? new Deposit(random.Next(1, 100_000) / 100m) { ActionId = actionId }
        : new OpenAccount(account.FullName) { ActionId = actionId };
}

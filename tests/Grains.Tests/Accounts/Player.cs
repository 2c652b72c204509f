using Banking.Accounts;
using Banking.Callers;
using Banking.Markets;

namespace Banking.Grains.Tests.Accounts;

/// <summary>An account without a grain around it: decides, applies, and keeps every event.</summary>
internal sealed class Player(string id = "alice", AccountOptions? options = null)
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private int _actions;

    public AccountOptions Options { get; } = options ?? new AccountOptions();

    public AccountState State { get; set; } = new();

    public DateTimeOffset Now { get; set; } = Start;

    /// <summary>Who asks; null for the bank itself.</summary>
    public Caller? Caller { get; set; }

    public Decision Last { get; private set; }

    /// <summary>A player with an open account of <c>Alice A.</c> and some cash.</summary>
    public static Player WithCash(decimal cash, AccountOptions? options = null)
    {
        var player = new Player(options: options);
        player.Do(player.Open());
        if (cash > 0) player.State = player.State with { Cash = cash, PaidIn = cash };
        return player;
    }

    public static Quote QuoteOf(
        string asset = "stock_a", decimal price = 5m, DateTimeOffset? validUntil = null, long? limit = null, bool halted = false,
        bool tradable = true) =>
        new(asset, "stock", price, Start, validUntil ?? Start.AddYears(1), 1, halted, tradable, limit);

    public string NextId() => $"a{++_actions}";

    public OpenAccount Open(string name = "Alice A.") => new(name) { ActionId = NextId() };

    public DeleteAccount Delete(string name = "Alice A.") => new(name) { ActionId = NextId() };

    public Deposit Deposit(decimal amount) => new(amount) { ActionId = NextId() };

    public Withdraw Withdraw(decimal amount) => new(amount) { ActionId = NextId() };

    public BuyAsset Buy(long quantity, decimal? limit = null, string asset = "stock_a") =>
        new(asset, quantity, limit) { ActionId = NextId() };

    public SellAsset Sell(long quantity, decimal? limit = null, string asset = "stock_a") =>
        new(asset, quantity, limit) { ActionId = NextId() };

    public ActionResult Do(AccountAction action, Quote? quote = null)
    {
        var identity = ActionIdentity.Of(action);
        Last = AccountRules.Decide(State, id, action, identity, quote, Now, Options, Caller);
        if (Last.ChangesState) State = AccountRules.Apply(State, Last, identity, Retention.Of(Options, Now, Now));
        return Last.Result;
    }
}

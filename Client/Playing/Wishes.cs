using System.Runtime.CompilerServices;
using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Playing;

/// <summary>What a player can do with an account, in the order in which it is offered.</summary>
internal enum Wish
{
    Deposit,
    Withdraw,
    Buy,
    Sell,
    Close,
    PlayAnother,
    Leave,
}

/// <summary>How each wish is offered, what is asked for it, and what is said when it is done.</summary>
internal sealed class Wishes(GameView view, Questions questions, TimeProvider time)
{
    public static string LabelOf(Wish wish) => wish switch
    {
        Wish.Deposit => "Deposit cash",
        Wish.Withdraw => "Withdraw cash",
        Wish.Buy => "Buy an asset",
        Wish.Sell => "Sell an asset",
        Wish.Close => "Close the account",
        Wish.PlayAnother => "Play another account",
        _ => "Leave",
    };

    public static string SentenceOf(AccountAction action, BankAnswer answer) => action switch
    {
        OpenAccount => "Your account is open.",
        DeleteAccount => Text($"Your account is closed; {answer.Amount:N2} was paid out."),
        Deposit => Text($"{answer.Amount:N2} came in; you have {answer.CashBalance:N2} now."),
        Withdraw => Text($"{answer.Amount:N2} was paid out; you have {answer.CashBalance:N2} left."),
        BuyAsset buy => Text($"You bought {buy.Quantity:N0} {buy.AssetName} at {answer.UnitPrice:N6}")
            + Text($" for {answer.Amount:N2}; you have {answer.CashBalance:N2} left."),
        SellAsset sell => Text($"You sold {sell.Quantity:N0} {sell.AssetName} at {answer.UnitPrice:N6}")
            + Text($" for {answer.Amount:N2}; you have {answer.CashBalance:N2} now."),
        _ => "Done.",
    };

    public static string NewId(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    /// <summary>Asks for everything that an action needs.</summary>
    /// <returns>Null if the player changed their mind, or if the action makes no sense now, which the player has been told.</returns>
    public async Task<AccountAction?> AskAsync(Wish wish, AccountStatement statement, CancellationToken cancellationToken) =>
        wish switch
        {
            Wish.Deposit => await AskAmountAsync(cancellationToken) is { } amount ? new Deposit(amount) { ActionId = NewId(time) } : null,
            Wish.Withdraw when Offers.CashOf(statement) == 0 => Refuse(ActionCode.NoCash),
            Wish.Withdraw => await AskAmountAsync(cancellationToken) is { } amount ? new Withdraw(amount) { ActionId = NewId(time) } : null,
            Wish.Buy => await AskPurchaseAsync(cancellationToken) is var (asset, quantity)
                ? new BuyAsset(asset, quantity) { ActionId = NewId(time) } : null,
            Wish.Sell => await AskSaleAsync(statement, cancellationToken) is var (asset, quantity)
                ? new SellAsset(asset, quantity) { ActionId = NewId(time) } : null,
            _ => await questions.AskYesAsync("Cash is paid out, assets lapse. Close it?", cancellationToken)
                ? new DeleteAccount(statement.FullName) { ActionId = NewId(time) } : null,
        };

    private AccountAction? Refuse(ActionCode code)
    {
        view.Refuse(code);
        return null;
    }

    private async Task<decimal?> AskAmountAsync(CancellationToken cancellationToken)
    {
        decimal amount = 0;
        return await questions.AskAsync(
            _ => $"{Offers.Cash(view.Statement!)} How much?",
            text => TypedNumbers.TryAmount(text, out amount) ? null : "That is no amount.",
            cancellationToken) is null ? null : amount;
    }

    private async Task<(string Asset, long Quantity)?> AskPurchaseAsync(CancellationToken cancellationToken)
    {
        string[] assets = [.. view.Prices.Where(asset => asset.Tradable).Select(asset => asset.AssetName)];
        return await AskOrderAsync(
            assets,
            asset => PriceOf(asset) is { } known ? Offers.Purchase(view.Statement!, known) : "",
            (asset, typed) => Offers.Total(typed, PriceOf(asset)?.Price, isPurchase: true),
            cancellationToken);
    }

    private async Task<(string Asset, long Quantity)?> AskSaleAsync(AccountStatement statement, CancellationToken cancellationToken)
    {
        string[] assets = [.. statement.Holdings.Select(holding => holding.AssetName).Where(name => name != Offers.CashName)];
        return await AskOrderAsync(
            assets,
            asset => Offers.Sale(view.Statement!, asset, PriceOf(asset)?.Price),
            (asset, typed) => Offers.Total(typed, PriceOf(asset)?.Price, isPurchase: false),
            cancellationToken);
    }

    /// <param name="offer">What can be done with an asset.</param>
    /// <param name="total">The value of a typed number of units.</param>
    private async Task<(string Asset, long Quantity)?> AskOrderAsync(
        string[] assets, Func<string, string> offer, Func<string, string, string> total, CancellationToken cancellationToken)
    {
        if (assets.Length == 0)
        {
            view.Say("[yellow]There is nothing to choose from.[/]");
            return null;
        }

        while (await questions.ChooseAsync(
            "Which?", assets.Length, i => $"{Screens.Shown(assets[i])} [grey]{offer(assets[i])}[/]", cancellationToken) is { } chosen)
        {
            var asset = assets[chosen];
            long quantity = 0;
            var typed = await questions.AskAsync(
                text => $"{offer(asset)} How many {Screens.Shown(asset)}?{total(asset, text)}",
                text => TypedNumbers.TryQuantity(text, out quantity) ? null : "That is no whole number.",
                cancellationToken);
            if (typed is not null) return (asset, quantity);
        }

        return null;
    }

    private AssetPrice? PriceOf(string asset) => view.Prices.FirstOrDefault(price => price.AssetName == asset);

    private static string Text(DefaultInterpolatedStringHandler text) => text.ToStringAndClear();
}

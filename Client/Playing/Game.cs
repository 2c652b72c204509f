using Banking.Accounts;
using Banking.Client.Banks;
using Spectre.Console;

namespace Banking.Client.Playing;

/// <summary>The conversation with a player: one account at a time, until the player leaves.</summary>
internal sealed class Game(IAnsiConsole console, IBank bank, TimeProvider time)
{
    private const string Deposit = "Deposit cash";
    private const string Withdraw = "Withdraw cash";
    private const string Buy = "Buy an asset";
    private const string Sell = "Sell an asset";
    private const string Look = "Look again";
    private const string Close = "Close the account";
    private const string Change = "Play another account";
    private const string Leave = "Leave";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        console.Write(new Rule("[bold]The bank[/]").LeftJustified());
        while (true)
        {
            var accountId = (await console.PromptAsync(new TextPrompt<string>("Your account's name ([grey]empty to leave[/]):").AllowEmpty(), cancellationToken)).Trim();
            if (accountId.Length == 0 || !await PlayAccountAsync(accountId, cancellationToken)) return;
        }
    }

    /// <returns>Whether the player wants another account.</returns>
    private async Task<bool> PlayAccountAsync(string accountId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var prices = await bank.GetPricesAsync(cancellationToken);
            if (await bank.GetStatementAsync(accountId, cancellationToken) is not { } statement)
            {
                if (!await OpenAsync(accountId, cancellationToken)) return true;
                continue;
            }

            console.Write(Screens.Holdings(statement));
            console.Write(Screens.Prices(prices));
            var wish = await console.PromptAsync(
                new SelectionPrompt<string>().Title("What will you do?").PageSize(10).AddChoices(Deposit, Withdraw, Buy, Sell, Look, Close, Change, Leave), cancellationToken);
            if (wish is Leave or Change) return wish == Change;
            var closed = await FollowAsync(wish, statement, prices, cancellationToken);
            if (closed) return true;
        }
    }

    private async Task<bool> OpenAsync(string accountId, CancellationToken cancellationToken)
    {
        var question = new ConfirmationPrompt($"There is no open account {Screens.Shown(accountId)}. Open it?");
        if (!await console.PromptAsync(question, cancellationToken)) return false;
        var name = await console.PromptAsync(new TextPrompt<string>("Your full name:"), cancellationToken);
        return (await ActAsync(accountId, new OpenAccount(name) { ActionId = NewId() }, cancellationToken)).IsDone;
    }

    /// <returns>Whether the account is closed now.</returns>
    private async Task<bool> FollowAsync(string wish, AccountStatement statement, IReadOnlyList<AssetPrice> prices, CancellationToken cancellationToken)
    {
        AccountAction? action = wish switch
        {
            Deposit => new Deposit(await AskAmountAsync(cancellationToken)) { ActionId = NewId() },
            Withdraw => new Withdraw(await AskAmountAsync(cancellationToken)) { ActionId = NewId() },
            Buy => await AskOrderAsync([.. prices.Where(asset => asset.Tradable).Select(asset => asset.AssetName)], cancellationToken) is var (asset, quantity)
                ? new BuyAsset(asset, quantity) { ActionId = NewId() } : null,
            Sell => await AskOrderAsync([.. statement.Holdings.Where(holding => holding.AssetName != "cash").Select(holding => holding.AssetName)], cancellationToken) is var (asset, quantity)
                ? new SellAsset(asset, quantity) { ActionId = NewId() } : null,
            Close when await console.PromptAsync(new ConfirmationPrompt("Cash is paid out, assets lapse. Close it?") { DefaultValue = false }, cancellationToken)
                => new DeleteAccount(statement.FullName) { ActionId = NewId() },
            _ => null,
        };
        if (action is null) return false;
        var answer = await ActAsync(statement.AccountId, action, cancellationToken);
        return action is DeleteAccount && answer.IsDone;
    }

    private async Task<decimal> AskAmountAsync(CancellationToken cancellationToken)
    {
        decimal amount = 0;
        var prompt = new TextPrompt<string>("How much?");
        await console.PromptAsync(
            prompt.Validate(text => TypedNumbers.TryAmount(text, out amount), "[red]That is no amount.[/]"), cancellationToken);
        return amount;
    }

    private async Task<(string Asset, long Quantity)?> AskOrderAsync(string[] assets, CancellationToken cancellationToken)
    {
        if (assets.Length == 0)
        {
            console.MarkupLine("[yellow]There is nothing to choose from.[/]");
            return null;
        }

        var asset = await console.PromptAsync(
            new SelectionPrompt<string>().Title("Which?").UseConverter(Screens.Shown).AddChoices(assets), cancellationToken);
        long quantity = 0;
        var prompt = new TextPrompt<string>($"How many {Screens.Shown(asset)}?");
        await console.PromptAsync(
            prompt.Validate(text => TypedNumbers.TryQuantity(text, out quantity), "[red]That is no whole number.[/]"), cancellationToken);
        return (asset, quantity);
    }

    private async Task<BankAnswer> ActAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // The same id each time: what was done but not answered is not done again.
                var answer = await bank.PerformAsync(accountId, action, cancellationToken);
                console.MarkupLine(answer.IsDone ? $"[green]{Screens.Shown(Sentences.OfDone(action, answer))}[/]" : $"[yellow]{Sentences.OfRefusal(answer.Code)}[/]");
                return answer;
            }
            catch (BankUnavailableException away)
            {
                console.MarkupLine($"[red]{Screens.Shown(away.Message)}[/]");
                if (!await console.PromptAsync(new ConfirmationPrompt("It may or may not have been done. Ask again? (It will not be done twice.)"), cancellationToken)) throw;
            }
        }
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}

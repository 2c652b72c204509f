using Banking.Accounts;
using Banking.Client.Banks;
using Banking.Client.Typing;

namespace Banking.Client.Playing;

/// <summary>The conversation with a player: one account at a time, until the player leaves.</summary>
/// <param name="bank">The player's line.</param>
/// <param name="watched">Another line, over which the view is kept up to date meanwhile.</param>
internal sealed class Game(GameView view, Keyboard keyboard, IBank bank, IBank watched, TimeProvider time)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private readonly Questions _questions = new(view, keyboard);
    private string? _accountId;

    public Task RunAsync(CancellationToken cancellationToken) => view.ShowAsync(async () =>
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(end.Token);
        try
        {
            await PlayAsync(cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await watching;
        }
    });

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        while (await _questions.AskAsync(
            _ => "Your account's name [grey](empty: leave)[/]:", _ => null, cancellationToken, backIsAnAnswer: true) is { } accountId)
        {
            if (!await IsLegalAsync(accountId, cancellationToken)) Refuse(ActionCode.InvalidAccountId);
            else if (!await PlayAccountAsync(accountId, cancellationToken)) return;
        }
    }

    /// <summary>Which ids are legal is the bank's to say; it looks at the id before it looks at the name, and no name is none.</summary>
    private async Task<bool> IsLegalAsync(string accountId, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            token => bank.PerformAsync(accountId, new OpenAccount("") { ActionId = NewId() }, token), cancellationToken);
        return answer.Code != ActionCode.InvalidAccountId;
    }

    /// <returns>Whether the player wants another account.</returns>
    private async Task<bool> PlayAccountAsync(string accountId, CancellationToken cancellationToken)
    {
        _accountId = accountId;
        try
        {
            while (true)
            {
                await LookAsync(accountId, cancellationToken);
                if (view.Statement is not { } statement)
                {
                    if (!await OpenAsync(accountId, cancellationToken)) return true;
                    continue;
                }

                var wish = await AskWishAsync(cancellationToken);
                if (wish is Wish.Leave or Wish.PlayAnother) return wish is Wish.PlayAnother;
                if (await FollowAsync(wish, statement, cancellationToken)) return true;
            }
        }
        finally
        {
            _accountId = null;
            view.Changing();
            view.Know(null, view.Prices, view.Changes);
        }
    }

    private async Task<Wish> AskWishAsync(CancellationToken cancellationToken)
    {
        var wishes = Enum.GetValues<Wish>();
        return await _questions.ChooseAsync("What will you do?", wishes.Length, i => Sentences.OfWish(wishes[i]), cancellationToken)
            is { } chosen ? wishes[chosen] : Wish.PlayAnother;
    }

    private async Task<bool> OpenAsync(string accountId, CancellationToken cancellationToken)
    {
        var question = $"There is no open account {Screens.Shown(accountId)}. Open it?";
        if (!await _questions.AskYesAsync(question, cancellationToken)) return false;
        while (await _questions.AskAsync(_ => "Your full name:", _ => null, cancellationToken, backIsAnAnswer: true) is { } name)
        {
            var answer = await ActAsync(accountId, new OpenAccount(name) { ActionId = NewId() }, cancellationToken);
            if (answer.Code != ActionCode.InvalidName) return answer.IsDone;
        }

        return false;
    }

    /// <returns>Whether the account is closed now.</returns>
    private async Task<bool> FollowAsync(Wish wish, AccountStatement statement, CancellationToken cancellationToken)
    {
        AccountAction? action = wish switch
        {
            Wish.Deposit => await AskAmountAsync(cancellationToken) is { } amount ? new Deposit(amount) { ActionId = NewId() } : null,
            Wish.Withdraw when Offers.CashOf(statement) == 0 => Refuse(ActionCode.NoCash),
            Wish.Withdraw => await AskAmountAsync(cancellationToken) is { } amount ? new Withdraw(amount) { ActionId = NewId() } : null,
            Wish.Buy => await AskPurchaseAsync(cancellationToken) is var (asset, quantity)
                ? new BuyAsset(asset, quantity) { ActionId = NewId() } : null,
            Wish.Sell => await AskSaleAsync(statement, cancellationToken) is var (asset, quantity)
                ? new SellAsset(asset, quantity) { ActionId = NewId() } : null,
            _ => await _questions.AskYesAsync("Cash is paid out, assets lapse. Close it?", cancellationToken)
                ? new DeleteAccount(statement.FullName) { ActionId = NewId() } : null,
        };
        if (action is null) return false;
        var answer = await ActAsync(statement.AccountId, action, cancellationToken);
        return action is DeleteAccount && answer.IsDone;
    }

    private AccountAction? Refuse(ActionCode code)
    {
        view.Say($"[yellow]{Sentences.OfRefusal(code)}[/]");
        return null;
    }

    private async Task<decimal?> AskAmountAsync(CancellationToken cancellationToken)
    {
        decimal amount = 0;
        return await _questions.AskAsync(
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
    /// <param name="total">What a typed number of it comes to.</param>
    private async Task<(string Asset, long Quantity)?> AskOrderAsync(
        string[] assets, Func<string, string> offer, Func<string, string, string> total, CancellationToken cancellationToken)
    {
        if (assets.Length == 0)
        {
            view.Say("[yellow]There is nothing to choose from.[/]");
            return null;
        }

        while (await _questions.ChooseAsync(
            "Which?", assets.Length, i => $"{Screens.Shown(assets[i])} [grey]{offer(assets[i])}[/]", cancellationToken) is { } chosen)
        {
            var asset = assets[chosen];
            long quantity = 0;
            var typed = await _questions.AskAsync(
                text => $"{offer(asset)} How many {Screens.Shown(asset)}?{total(asset, text)}",
                text => TypedNumbers.TryQuantity(text, out quantity) ? null : "That is no whole number.",
                cancellationToken);
            if (typed is not null) return (asset, quantity);
        }

        return null;
    }

    private AssetPrice? PriceOf(string asset) => view.Prices.FirstOrDefault(price => price.AssetName == asset);

    private async Task<BankAnswer> ActAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                view.Ask(() => Screens.Waiting);
                // The same id each time: what was done but not answered is not done again.
                var answer = await CallAsync(token => bank.PerformAsync(accountId, action, token), cancellationToken);
                view.Say(answer.IsDone
                    ? $"[green]{Screens.Shown(Sentences.OfDone(action, answer))}[/]"
                    : $"[yellow]{Sentences.OfRefusal(answer.Code)}[/]");
                return answer;
            }
            catch (BankUnavailableException away)
            {
                view.Say($"[red]{Screens.Shown(away.Message)}[/]");
                const string Question = "It may or may not have been done. Ask again? (It will not be done twice.)";
                if (!await _questions.AskYesAsync(Question, cancellationToken)) throw;
            }
        }
    }

    private async Task LookAsync(string accountId, CancellationToken cancellationToken)
    {
        view.Changing();
        var before = view.Changes;
        var prices = await CallAsync(bank.GetPricesAsync, cancellationToken);
        view.Know(await CallAsync(token => bank.GetStatementAsync(accountId, token), cancellationToken), prices, before);
    }

    /// <summary>Keeps the view up to date while the player thinks.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var beat = new PeriodicTimer(Beat, time);
            while (await beat.WaitForNextTickAsync(cancellationToken))
            {
                var before = view.Changes;
                if (_accountId is not { } accountId || view.Statement is null) continue;
                try
                {
                    var prices = await watched.GetPricesAsync(cancellationToken);
                    var statement = await watched.GetStatementAsync(accountId, cancellationToken);
                    if (statement is not null) view.Know(statement, prices, before);
                }
                catch (Exception failure) when (failure is BankUnavailableException or WrongAnswerException)
                {
                    view.GrowOld($"{failure.Message} This is what it said last.");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The game is over.
        }
    }

    /// <summary>Asks the bank; Ctrl-C ends that, and the game.</summary>
    private async Task<T> CallAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interruptible = keyboard.OnInterrupt(interrupted.Cancel);
        return await call(interrupted.Token);
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}

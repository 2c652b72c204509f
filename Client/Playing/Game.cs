using Banking.Accounts;
using Banking.Client.Banks;
using Banking.Client.Typing;

namespace Banking.Client.Playing;

/// <summary>The conversation with a player: one account at a time, until the player leaves.</summary>
/// <param name="bank">The player's line to the bank.</param>
/// <param name="watched">Another line, used to keep the view up to date meanwhile.</param>
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
            if (!await IsLegalAsync(accountId, cancellationToken)) view.Refuse(ActionCode.InvalidAccountId);
            else if (!await PlayAccountAsync(accountId, cancellationToken)) return;
        }
    }

    /// <summary>The bank decides which ids are legal. It checks the id before the name, and an empty name is never valid.</summary>
    private async Task<bool> IsLegalAsync(string accountId, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(
            token => bank.PerformAsync(accountId, new OpenAccount("") { ActionId = Wishes.NewId(time) }, token), cancellationToken);
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
        return await _questions.ChooseAsync("What will you do?", wishes.Length, i => Wishes.LabelOf(wishes[i]), cancellationToken)
            is { } chosen ? wishes[chosen] : Wish.PlayAnother;
    }

    private async Task<bool> OpenAsync(string accountId, CancellationToken cancellationToken)
    {
        var question = $"There is no open account {Screens.Shown(accountId)}. Open it?";
        if (!await _questions.AskYesAsync(question, cancellationToken)) return false;
        while (await _questions.AskAsync(_ => "Your full name:", _ => null, cancellationToken, backIsAnAnswer: true) is { } name)
        {
            var answer = await ActAsync(accountId, new OpenAccount(name) { ActionId = Wishes.NewId(time) }, cancellationToken);
            if (answer.Code != ActionCode.InvalidName) return answer.IsDone;
        }

        return false;
    }

    /// <returns>Whether the account is closed now.</returns>
    private async Task<bool> FollowAsync(Wish wish, AccountStatement statement, CancellationToken cancellationToken)
    {
        if (await new Wishes(view, _questions, time).AskAsync(wish, statement, cancellationToken) is not { } action) return false;
        var answer = await ActAsync(statement.AccountId, action, cancellationToken);
        return action is DeleteAccount && answer.IsDone;
    }

    private async Task<BankAnswer> ActAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                view.Ask(() => Screens.Waiting);
                // The same id each time, so that what was done but not answered is not done again.
                var answer = await CallAsync(token => bank.PerformAsync(accountId, action, token), cancellationToken);
                if (answer.IsDone) view.Say($"[green]{Screens.Shown(Wishes.SentenceOf(action, answer))}[/]");
                else view.Refuse(answer.Code);
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

    /// <summary>Calls the bank; Ctrl-C ends the call, and the game.</summary>
    private async Task<T> CallAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interruptible = keyboard.OnInterrupt(interrupted.Cancel);
        return await call(interrupted.Token);
    }
}

using Banking.Accounts;
using Banking.Client.Banks;
using Banking.Client.Playing;
using Banking.Client.Tests.Banks;
using Banking.Client.Tests.Typing;
using Banking.Client.Typing;
using Banking.Streaming.Tests;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace Banking.Client.Tests.Playing;

public sealed class GameTests : IAsyncLifetime
{
    private readonly StringWriter _output = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Keyboard _keyboard = new();
    private readonly SmallBank _bank = new();
    private BankServer _server = null!;

    private string Output => _output.ToString();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await BankServer.StartAsync(_bank);

    public async ValueTask DisposeAsync()
    {
        _output.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Run_WhenNoNameIsTyped_ThenThePlayerLeaves()
    {
        Type("");

        await PlayAsync();

        Assert.Contains("The bank", Output, StringComparison.Ordinal);
        Assert.Empty(_bank.Accounts);
    }

    [Fact]
    public async Task Run_WhenAccountIsNew_ThenItIsOpenedAndShown()
    {
        Type("alice", "y", "Alice [A.] Liddell");
        Choose(Wish.Leave);

        await PlayAsync();

        Assert.Equal(("alice", "Alice [A.] Liddell", true), (_bank.Accounts[0].Id, _bank.Accounts[0].FullName, _bank.Accounts[0].IsOpen));
        Shown("Your account is open.", "Alice [A.] Liddell (alice)", "stock_a", "9.123456");
    }

    [Fact]
    public async Task Run_WhenANameWouldSteerTheTerminal_ThenItIsShownAsText()
    {
        _bank.Perform("alice", new OpenAccount("A\u001b[2J\a\u202eecila") { ActionId = "open" });
        Type("alice");
        Choose(Wish.Leave);

        await PlayAsync();

        Shown("A\\u001B[2J\\u0007\\u202Eecila");
        Assert.DoesNotContain('\u202e', Output);
        Assert.DoesNotContain('\a', Output);
    }

    [Fact]
    public async Task Run_WhenOpeningIsDeclined_ThenAnotherNameIsAskedFor()
    {
        Type("alice", "n", "");

        await PlayAsync();

        Assert.DoesNotContain(_bank.Accounts, account => account.IsOpen);
    }

    [Fact]
    public async Task Run_WhenCashComesAndGoes_ThenTheBankHasIt()
    {
        Open();
        Type("alice");
        Choose(Wish.Deposit);
        Type("lots", "1e3", "0x10", "1000.50");
        Choose(Wish.Withdraw);
        Type("0.25");
        Choose(Wish.Leave);

        await PlayAsync();

        Assert.Equal(1_000.25m, _bank.Accounts[0].Cash);
        Shown("That is no amount.", "1,000.50 came in; you have 1,000.50 now.", "0.25 was paid out; you have 1,000.25 left.", "1,000.25");
    }

    [Fact]
    public async Task Run_WhenAssetsAreTraded_ThenTheBankHasThem()
    {
        Open(cash: 100);
        Type("alice");
        Choose(Wish.Buy);
        Choose(1); // bond_a, at 6.50
        Type("some", "1e1", "0x3", "&h3", "3");
        Choose(Wish.Sell);
        Choose(0);
        Type("1");
        Choose(Wish.Leave);

        await PlayAsync();

        Assert.Equal((87m, 2), (_bank.Accounts[0].Cash, _bank.Accounts[0].Positions["bond_a"]));
        Shown(
            "That is no whole number.",
            "You bought 3 bond_a at 6.500000 for 19.50; you have 80.50 left.",
            "You sold 1 bond_a at 6.500000 for 6.50; you have 87.00 now.");
    }

    [Fact]
    public async Task Run_WhenTheBankRefuses_ThenItSaysWhyAndGoesOn()
    {
        Open(cash: 1);
        Type("alice");
        Choose(Wish.Withdraw);
        Type("2");
        Choose(Wish.Deposit);
        Type("0.001");
        Choose(Wish.Sell);
        Choose(Wish.Leave);

        await PlayAsync();

        Assert.Equal(1m, _bank.Accounts[0].Cash);
        Shown("You don't have that much cash.", "An amount is above zero and has at most two decimals.");
        Shown("There is nothing to choose from.");
    }

    [Fact]
    public async Task Run_WhenTheAccountIsClosed_ThenOnlyAfterAYes()
    {
        Open(cash: 5);
        Type("alice");
        Choose(Wish.Close);
        Type("n");
        Choose(Wish.Close);
        Type("y", "");

        await PlayAsync();

        Assert.False(_bank.Accounts[0].IsOpen);
        Shown("Your account is closed; 5.00 was paid out.");
    }

    [Fact]
    public async Task Run_WhenAnotherAccountIsWanted_ThenItIsAskedFor()
    {
        Open();
        Type("alice");
        Choose(Wish.PlayAnother);
        Type("bob", "y", "Bob");
        Choose(Wish.Leave);

        await PlayAsync();

        Assert.Equal(["alice", "bob"], _bank.Accounts.Where(account => account.IsOpen).Select(account => account.Id));
    }

    [Fact]
    public async Task Run_WhenAnAnswerIsLostAndAskedForAgain_ThenItIsDoneOnce()
    {
        Open();
        // The first one is about the id only.
        var asked = 0;
        _server.LoseAnswer = () => Interlocked.Increment(ref asked) == 2;
        Type("alice");
        Choose(Wish.Deposit);
        Type("10", "y");
        Choose(Wish.Leave);

        await PlayAsync();

        Assert.Equal(10m, _bank.Accounts[0].Cash);
        Shown("It may or may not have been done. Ask again?", "10.00 came in; you have 10.00 now.");
    }

    [Fact]
    public async Task Run_WhenTheBankIsAwayAndNobodyWaits_ThenItEnds()
    {
        Open();
        _server.BeBusy = () => true;
        Type("alice");
        Choose(Wish.Deposit);
        Type("10", "n");

        await Assert.ThrowsAsync<BankUnavailableException>(PlayAsync);
    }

    [Fact]
    public async Task Run_WhenTheIdIsIllegal_ThenNothingElseIsAsked()
    {
        Type("a b", "");

        await PlayAsync();

        Shown("An account's name has 1 to 128 letters");
        Assert.DoesNotContain("Open it?", Output, StringComparison.Ordinal);
        Assert.DoesNotContain("full name", Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConsoleKey.Escape, "")]
    [InlineData(ConsoleKey.Enter, "")]
    [InlineData(ConsoleKey.Enter, "back")]
    public async Task Run_WhenThePlayerGoesBack_ThenEveryQuestionIsLeft(ConsoleKey key, string typed)
    {
        Open(cash: 10);
        _bank.Perform("alice", new BuyAsset("bond_a", 1) { ActionId = "bond" });
        Type("alice");
        foreach (var wish in new[] { Wish.Deposit, Wish.Withdraw, Wish.Close })
        {
            Choose(wish);
            _keyboard.Type(typed).Press(key);
        }

        foreach (var wish in new[] { Wish.Buy, Wish.Sell })
        {
            Choose(wish);
            Choose(0);
            _keyboard.Type(typed).Press(key);
            // The list of assets again.
            _keyboard.Press(ConsoleKey.Escape);
        }

        // The account, then a new one that is not opened, or only almost.
        _keyboard.Press(ConsoleKey.Escape);
        Type("bob");
        _keyboard.Type(typed).Press(key);
        Type("bob", "y");
        _keyboard.Press(ConsoleKey.Escape);
        _keyboard.Press(ConsoleKey.Escape);

        await PlayAsync();

        var alice = _bank.Accounts[0];
        Assert.Equal(("alice", true, 3.5m, 1), (alice.Id, alice.IsOpen, alice.Cash, alice.Positions["bond_a"]));
        Assert.DoesNotContain(_bank.Accounts, account => account.Id == "bob" && account.IsOpen);
    }

    [Fact]
    public async Task Run_WhenAnAmountIsAsked_ThenWhatIsAffordableStandsBesideIt()
    {
        Open(cash: 100);
        _bank.Perform("alice", new BuyAsset("bond_a", 4) { ActionId = "bonds" });
        Type("alice");
        Choose(Wish.Withdraw);
        _keyboard.Press(ConsoleKey.Escape);
        Choose(Wish.Buy);
        Choose(0);
        _keyboard.Type("2").Press(ConsoleKey.Escape, ConsoleKey.Escape);
        Choose(Wish.Sell);
        Choose(0);
        Type("3");
        Choose(Wish.Leave);

        await PlayAsync();

        Shown("You have 74.00. How much?", "stock_a At 9.123456 your 74.00 buys 8.", "How many stock_a? 2 cost 18.25.");
        Shown("bond_a You have 4; one is 6.500000.", "How many bond_a? 3 bring 19.50.");
    }

    [Fact]
    public async Task Run_WhenThePriceMovesWhileThePlayerThinks_ThenTheViewDoesToo()
    {
        Open(cash: 100);
        Type("alice");
        Choose(Wish.Buy);
        Choose(0);
        var game = StartAsync();
        await UntilAsync("your 100.00 buys 10. How many stock_a?");

        _bank.Prices = [_bank.Prices[0] with { Price = 49.5m }, .. _bank.Prices.Skip(1)];
        _bank.Perform("alice", new Deposit(1) { ActionId = "elsewhere" });
        _time.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync("At 49.500000 your 101.00 buys 2. How many stock_a?");

        Type("2");
        _keyboard.Press(ConsoleKey.Escape, ConsoleKey.Escape);
        await game;
        Assert.Equal((2m, 2), (_bank.Accounts[0].Cash, _bank.Accounts[0].Positions["stock_a"]));
    }

    [Fact]
    public async Task Run_WhenTheBankIsAwayWhileThePlayerThinks_ThenTheViewSaysSo()
    {
        Open();
        Type("alice");
        var game = StartAsync();
        await UntilAsync("What will you do?");

        _server.Instead = _ => http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        _time.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync("answered 503. This is what it said last.");

        Choose(Wish.Leave);
        await game;
    }

    [Fact]
    public async Task Run_WhenCtrlCIsPressedWhileTheBankIsAsked_ThenTheGameEnds()
    {
        Open();
        var asked = new TaskCompletionSource();
        _server.Instead = http => http.Request.Path.Value!.EndsWith("/deposits", StringComparison.Ordinal)
            ? async _ =>
            {
                asked.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
            }
        : null;
        Type("alice");
        Choose(Wish.Deposit);
        Type("5");
        var game = StartAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);

        _keyboard.Press(Keys.Ctrl(ConsoleKey.C));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => game);
    }

    [Fact]
    public async Task Run_WhenItIsAtARealTerminal_ThenOneViewIsDrawnInPlace()
    {
        Assert.SkipUnless(PseudoTerminal.IsThere, "script of util-linux.");
        Open(cash: 100);
        await using var terminal = PseudoTerminal.Start([], "play", "--url", _server.Url.ToString());
        await terminal.UntilAsync("Your account's name");

        await terminal.TypeAsync("alice\r");
        await terminal.UntilAsync("What will you do?");
        await terminal.TypeAsync("\u001b[B\u001b[B\r");
        await terminal.UntilAsync("your 100.00 buys 10.");
        await terminal.TypeAsync("\r2\r");
        await terminal.UntilAsync("You bought 2 stock_a");
        // Up from the first is the last.
        await terminal.TypeAsync("\u001b[A\r");

        Assert.Equal(0, await terminal.EndAsync());
        Assert.Equal(2, _bank.Accounts[0].Positions["stock_a"]);
        // Each time but the first it goes up to where it began.
        var drawn = terminal.Shown.Split("── \u001b[1mThe bank");
        Assert.True(drawn.Length > 10);
        Assert.All(drawn[1..^1], view => Assert.Matches("\r\u001b\\[[0-9]+A$", view));
    }

    private void Open(decimal cash = 0)
    {
        _bank.Perform("alice", new OpenAccount("Alice") { ActionId = "open" });
        if (cash > 0) _bank.Perform("alice", new Banking.Accounts.Deposit(cash) { ActionId = "cash" });
    }

    private void Type(params string[] lines)
    {
        foreach (var line in lines) _keyboard.Type(line + "\n");
    }

    private void Choose(Wish wish) => Choose((int)wish);

    /// <summary>Goes down a list from its top and takes what is there.</summary>
    private void Choose(int below)
    {
        for (var i = 0; i < below; i++) _keyboard.Press(ConsoleKey.DownArrow);
        _keyboard.Press(ConsoleKey.Enter);
    }

    /// <summary>Plays; a question that no key answers ends it with an exception.</summary>
    private Task PlayAsync()
    {
        _keyboard.Close();
        return StartAsync();
    }

    private async Task StartAsync()
    {
        var settings = new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(TextWriter.Synchronized(_output)),
        };
        var console = AnsiConsole.Create(settings);
        (console.Profile.Width, console.Profile.Height) = (120, 40);
        await using var connector = new HttpBankConnector([_server.Url], TimeProvider.System);
        using var line = connector.Open();
        using var watched = connector.Open();
        await new Game(new GameView(console), _keyboard, line, watched, _time).RunAsync(Token);
    }

    private Task UntilAsync(string text) => Condition.Until(() => Output.Contains(text, StringComparison.Ordinal), text);

    private void Shown(params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, Output, StringComparison.Ordinal));
}

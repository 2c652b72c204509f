using Banking.Accounts;
using Banking.Client.Playing;
using Banking.Client.Tests.Typing;

namespace Banking.Client.Tests.Playing;

public sealed class GameViewTests : PlayedGame
{
    [Fact]
    public async Task Run_WhenANameWouldSteerTheTerminal_ThenItIsShownAsText()
    {
        Bank.Perform("alice", new OpenAccount("A\u001b[2J\a\u202eecila") { ActionId = "open" });
        Type("alice");
        Choose(Wish.Leave);

        await PlayAsync();

        Shown("A\\u001B[2J\\u0007\\u202Eecila");
        Assert.DoesNotContain('\u202e', Output);
        Assert.DoesNotContain('\a', Output);
    }

    [Fact]
    public async Task Run_WhenAnAmountIsAsked_ThenWhatIsAffordableStandsBesideIt()
    {
        Open(cash: 100);
        Bank.Perform("alice", new BuyAsset("bond_a", 4) { ActionId = "bonds" });
        Type("alice");
        Choose(Wish.Withdraw);
        Keys.Press(ConsoleKey.Escape);
        Choose(Wish.Buy);
        Choose(0);
        Keys.Type("2").Press(ConsoleKey.Escape, ConsoleKey.Escape);
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

        Bank.Prices = [Bank.Prices[0] with { Price = 49.5m }, .. Bank.Prices.Skip(1)];
        Bank.Perform("alice", new Deposit(1) { ActionId = "elsewhere" });
        Time.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync("At 49.500000 your 101.00 buys 2. How many stock_a?");

        Type("2");
        Keys.Press(ConsoleKey.Escape, ConsoleKey.Escape);
        await game;
        Assert.Equal((2m, 2), (Bank.Accounts[0].Cash, Bank.Accounts[0].Positions["stock_a"]));
    }

    [Fact]
    public async Task Run_WhenTheBankIsAwayWhileThePlayerThinks_ThenTheViewSaysSo()
    {
        Open();
        Type("alice");
        var game = StartAsync();
        await UntilAsync("What will you do?");

        Server.Instead = _ => http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        Time.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync("answered 503. This is what it said last.");

        Choose(Wish.Leave);
        await game;
    }

    [Fact]
    public async Task Run_WhenCtrlCIsPressedWhileTheBankIsAsked_ThenTheGameEnds()
    {
        Open();
        var asked = new TaskCompletionSource();
        Server.Instead = http => http.Request.Path.Value!.EndsWith("/deposits", StringComparison.Ordinal)
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

        Keys.Press(Typing.Keys.Ctrl(ConsoleKey.C));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => game);
    }

    [Fact]
    public async Task Run_WhenItIsAtARealTerminal_ThenOneViewIsDrawnInPlace()
    {
        Assert.SkipUnless(PseudoTerminal.IsThere, "script of util-linux.");
        Open(cash: 100);
        await using var terminal = PseudoTerminal.Start([], "play", "--url", Server.Url.ToString());
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
        Assert.Equal(2, Bank.Accounts[0].Positions["stock_a"]);
        // Each time but the first it goes up to where it began.
        var drawn = terminal.Shown.Split("── \u001b[1mThe bank");
        Assert.True(drawn.Length > 10);
        Assert.All(drawn[1..^1], view => Assert.Matches("\r\u001b\\[[0-9]+A$", view));
    }
}

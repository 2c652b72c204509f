using Banking.Accounts;
using Banking.Client.Banks;
using Banking.Client.Playing;
using Banking.Client.Tests.Banks;
using Spectre.Console.Testing;

namespace Banking.Client.Tests.Playing;

public sealed class GameTests : IAsyncLifetime
{
    private const int Deposit = 0;
    private const int Withdraw = 1;
    private const int Buy = 2;
    private const int Sell = 3;
    private const int Look = 4;
    private const int Close = 5;
    private const int Change = 6;
    private const int Leave = 7;

    private readonly TestConsole _console = new TestConsole().Interactive().SupportsAnsi(true).Width(120);
    private readonly SmallBank _bank = new();
    private BankServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await BankServer.StartAsync(_bank);
        // What the screen shows is asserted on; how it is coloured and redrawn is Spectre's.
        _console.EmitAnsiSequences = false;
    }

    public async ValueTask DisposeAsync()
    {
        _console.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Run_WhenNoNameIsTyped_ThenThePlayerLeaves()
    {
        Type("");

        await PlayAsync();

        Assert.Contains("The bank", _console.Output, StringComparison.Ordinal);
        Assert.Empty(_bank.Accounts);
    }

    [Fact]
    public async Task Run_WhenAccountIsNew_ThenItIsOpenedAndShown()
    {
        Type("alice", "y", "Alice [A.] Liddell");
        Choose(Leave);

        await PlayAsync();

        Assert.Equal(("alice", "Alice [A.] Liddell", true), (_bank.Accounts[0].Id, _bank.Accounts[0].FullName, _bank.Accounts[0].IsOpen));
        Shown("Your account is open.", "Alice [A.] Liddell (alice)", "stock_a", "9.123456");
    }

    [Fact]
    public async Task Run_WhenANameWouldSteerTheTerminal_ThenItIsShownAsText()
    {
        _bank.Perform("alice", new OpenAccount("A\u001b[2J\a\u202eecila") { ActionId = "open" });
        Type("alice");
        Choose(Leave);

        await PlayAsync();

        Shown("A\\u001B[2J\\u0007\\u202Eecila");
        Assert.DoesNotContain('\u202e', _console.Output);
        Assert.DoesNotContain('\a', _console.Output);
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
        Choose(Deposit);
        Type("lots", "1e3", "0x10", "1000.50");
        Choose(Withdraw);
        Type("0.25");
        Choose(Leave);

        await PlayAsync();

        Assert.Equal(1_000.25m, _bank.Accounts[0].Cash);
        Shown("That is no amount.", "1,000.50 came in; you have 1,000.50 now.", "0.25 was paid out; you have 1,000.25 left.", "1,000.25");
    }

    [Fact]
    public async Task Run_WhenAssetsAreTraded_ThenTheBankHasThem()
    {
        Open(cash: 100);
        Type("alice");
        Choose(Buy);
        Choose(1); // bond_a, at 6.50
        Type("some", "1e1", "0x3", "&h3", "3");
        Choose(Sell);
        Choose(0);
        Type("1");
        Choose(Look);
        Choose(Leave);

        await PlayAsync();

        Assert.Equal((87m, 2), (_bank.Accounts[0].Cash, _bank.Accounts[0].Positions["bond_a"]));
        Shown(
            "That is no whole number.", "You bought 3 bond_a at 6.500000 for 19.50; you have 80.50 left.", "You sold 1 bond_a at 6.500000 for 6.50; you have 87.00 now.");
    }

    [Fact]
    public async Task Run_WhenTheBankRefuses_ThenItSaysWhyAndGoesOn()
    {
        Open(cash: 1);
        Type("alice");
        Choose(Withdraw);
        Type("2");
        Choose(Deposit);
        Type("0.001");
        Choose(Sell);
        Choose(Leave);

        await PlayAsync();

        Assert.Equal(1m, _bank.Accounts[0].Cash);
        Shown("You don't have that much cash.", "An amount is above zero and has at most two decimals.", "There is nothing to choose from.");
    }

    [Fact]
    public async Task Run_WhenTheAccountIsClosed_ThenOnlyAfterAYes()
    {
        Open(cash: 5);
        Type("alice");
        Choose(Close);
        Type("n");
        Choose(Close);
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
        Choose(Change);
        Type("bob", "y", "Bob");
        Choose(Leave);

        await PlayAsync();

        Assert.Equal(["alice", "bob"], _bank.Accounts.Where(account => account.IsOpen).Select(account => account.Id));
    }

    [Fact]
    public async Task Run_WhenAnAnswerIsLostAndAskedForAgain_ThenItIsDoneOnce()
    {
        Open();
        var lost = 0;
        _server.LoseAnswer = () => Interlocked.Increment(ref lost) == 1;
        Type("alice");
        Choose(Deposit);
        Type("10", "y");
        Choose(Leave);

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
        Choose(Deposit);
        Type("10", "n");

        await Assert.ThrowsAsync<BankUnavailableException>(PlayAsync);
    }

    private void Open(decimal cash = 0)
    {
        _bank.Perform("alice", new OpenAccount("Alice") { ActionId = "open" });
        if (cash > 0) _bank.Perform("alice", new Banking.Accounts.Deposit(cash) { ActionId = "cash" });
    }

    private void Type(params string[] lines)
    {
        foreach (var line in lines) _console.Input.PushTextWithEnter(line);
    }

    /// <summary>Goes down a list from its top and takes what is there.</summary>
    private void Choose(int below)
    {
        for (var i = 0; i < below; i++) _console.Input.PushKey(ConsoleKey.DownArrow);
        _console.Input.PushKey(ConsoleKey.Enter);
    }

    private async Task PlayAsync()
    {
        await using var connector = new HttpBankConnector([_server.Url], TimeProvider.System);
        using var line = connector.Open();
        await new Game(_console, line, TimeProvider.System).RunAsync(Token);
    }

    private void Shown(params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, _console.Output, StringComparison.Ordinal));
}

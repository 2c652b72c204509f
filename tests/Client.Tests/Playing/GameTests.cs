using Banking.Accounts;
using Banking.Client.Banks;
using Banking.Client.Playing;
using Banking.Client.Tests.Typing;
using Spectre.Console;

namespace Banking.Client.Tests.Playing;

public sealed class GameTests : PlayedGame
{
    [Fact]
    public async Task Run_WhenNoNameIsTyped_ThenThePlayerLeaves()
    {
        Type("");

        await PlayAsync();

        Assert.Contains("The bank", Output, StringComparison.Ordinal);
        Assert.Empty(Bank.Accounts);
    }

    [Fact]
    public async Task Run_WhenAccountIsNew_ThenItIsOpenedAndShown()
    {
        Type("alice", "y", "Alice [A.] Liddell");
        Choose(Wish.Leave);

        await PlayAsync();

        Assert.Equal(("alice", "Alice [A.] Liddell", true), (Bank.Accounts[0].Id, Bank.Accounts[0].FullName, Bank.Accounts[0].IsOpen));
        Shown("Your account is open.", "Alice [A.] Liddell (alice)", "stock_a", "9.123456");
    }

    [Fact]
    public async Task Run_WhenOpeningIsDeclined_ThenAnotherNameIsAskedFor()
    {
        Type("alice", "n", "");

        await PlayAsync();

        Assert.DoesNotContain(Bank.Accounts, account => account.IsOpen);
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

        Assert.Equal(1_000.25m, Bank.Accounts[0].Cash);
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

        Assert.Equal((87m, 2), (Bank.Accounts[0].Cash, Bank.Accounts[0].Positions["bond_a"]));
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

        Assert.Equal(1m, Bank.Accounts[0].Cash);
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

        Assert.False(Bank.Accounts[0].IsOpen);
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

        Assert.Equal(["alice", "bob"], Bank.Accounts.Where(account => account.IsOpen).Select(account => account.Id));
    }

    [Fact]
    public async Task Run_WhenAnAnswerIsLostAndAskedForAgain_ThenItIsDoneOnce()
    {
        Open();
        // The first one is about the id only.
        var asked = 0;
        Server.LoseAnswer = () => Interlocked.Increment(ref asked) == 2;
        Type("alice");
        Choose(Wish.Deposit);
        Type("10", "y");
        Choose(Wish.Leave);

        await PlayAsync();

        Assert.Equal(10m, Bank.Accounts[0].Cash);
        Shown("It may or may not have been done. Ask again?", "10.00 came in; you have 10.00 now.");
    }

    [Fact]
    public async Task Run_WhenTheBankIsAwayAndNobodyWaits_ThenItEnds()
    {
        Open();
        Server.BeBusy = () => true;
        Type("alice");
        Choose(Wish.Deposit);
        Type("10", "n");

        await Assert.ThrowsAsync<BankUnavailableException>(PlayAsync);
    }

    [Fact]
    public async Task Run_WhenTheIdIsIllegal_ThenNothingElseIsAsked()
    {
        Type("a/b", "");

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
        Bank.Perform("alice", new BuyAsset("bond_a", 1) { ActionId = "bond" });
        Type("alice");
        foreach (var wish in new[] { Wish.Deposit, Wish.Withdraw, Wish.Close })
        {
            Choose(wish);
            Keys.Type(typed).Press(key);
        }

        foreach (var wish in new[] { Wish.Buy, Wish.Sell })
        {
            Choose(wish);
            Choose(0);
            Keys.Type(typed).Press(key);
            // The list of assets again.
            Keys.Press(ConsoleKey.Escape);
        }

        // The account, then a new one that is not opened, or only almost.
        Keys.Press(ConsoleKey.Escape);
        Type("bob");
        Keys.Type(typed).Press(key);
        Type("bob", "y");
        Keys.Press(ConsoleKey.Escape);
        Keys.Press(ConsoleKey.Escape);

        await PlayAsync();

        var alice = Bank.Accounts[0];
        Assert.Equal(("alice", true, 3.5m, 1), (alice.Id, alice.IsOpen, alice.Cash, alice.Positions["bond_a"]));
        Assert.DoesNotContain(Bank.Accounts, account => account.Id == "bob" && account.IsOpen);
    }
}

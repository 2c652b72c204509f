using Banking.Accounts;

namespace Banking.Grains.Tests.Accounts;

public sealed class StatementsTests
{
    private static readonly DateTimeOffset Now = Player.Start;

    [Fact]
    public void Of_WhenCashAndPositions_ThenCashFirstAndValuesCutToTheCent()
    {
        var state = new AccountState
        {
            IsOpen = true,
            FullName = "Tim",
            Cash = 12.5m,
            CashChangedAt = Now.AddDays(-2),
            Positions = [new("stock_a", "stock", 3, 15m, Now.AddDays(-1)), new("bond_a", "bond", 1, 5.01m, Now)],
        };

        var statement = Statements.Of("tim", state, new Dictionary<string, decimal> { ["stock_a"] = 3.333333m, ["bond_a"] = 6m }, Now);

        Assert.Equal(
            ("tim", "Tim", 28.49m, 32.51m, Now),
            (statement.AccountId, statement.FullName, statement.TotalValue, statement.OriginalValue, statement.AsOf));
        Assert.Equal(
            [
                new Holding("cash", "cash", 12.5m, 12.5m, Now.AddDays(-2), 12.5m),
                new Holding("stock_a", "stock", 3, 15m, Now.AddDays(-1), 9.99m),
                new Holding("bond_a", "bond", 1, 5.01m, Now, 6m),
            ],
            statement.Holdings);
    }

    [Fact]
    public void Of_WhenNothingIsHeld_ThenEmpty()
    {
        var statement = Statements.Of("tim", new AccountState { IsOpen = true }, new Dictionary<string, decimal>(), Now);

        Assert.Empty(statement.Holdings);
        Assert.Equal(0m, statement.TotalValue);
    }

    [Fact]
    public void LedgerOf_WhenAnyState_ThenItsBooks()
    {
        var player = Player.WithCash(100);
        player.Do(player.Buy(10), Player.QuoteOf());
        player.Do(player.Sell(4), Player.QuoteOf(price: 6));
        player.Do(player.Withdraw(1));

        var ledger = Statements.LedgerOf("alice", player.State, 3);

        Assert.Equal(
            (true, 4L, 73m, 100m, 1m, 50m, 24m, 3),
            (
                ledger.IsOpen, ledger.SequenceNumber, ledger.Cash, ledger.PaidIn, ledger.PaidOut, ledger.Spent, ledger.Earned,
                ledger.Unpublished));
        Assert.Equal(new Dictionary<string, long> { ["stock_a"] = 6 }, ledger.Positions);
    }
}

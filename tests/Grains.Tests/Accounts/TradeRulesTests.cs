using Banking.Accounts;

namespace Banking.Grains.Tests.Accounts;

public sealed class TradeRulesTests
{
    [Theory]
    [InlineData(3, "3.333333", "10.00")]
    [InlineData(1, "0.000001", "0.01")]
    [InlineData(10, "5", "50")]
    [InlineData(1, "5.010000", "5.01")]
    [InlineData(1, "5.010001", "5.02")]
    public void Buy_WhenThePriceHasPartsOfACent_ThenRoundsUp(long quantity, string price, string cost)
    {
        var player = Player.WithCash(1000);

        var result = player.Do(player.Buy(quantity), Player.QuoteOf(price: Money(price)));

        Assert.Equal(
            (ActionCode.Done, Money(cost), 1000 - Money(cost), Money(price)),
            (result.Code, result.Amount, result.CashBalance, result.UnitPrice));
    }

    [Theory]
    [InlineData(3, "3.333333", "9.99")]
    [InlineData(1, "0.000001", "0")]
    [InlineData(10, "5", "50")]
    [InlineData(1, "5.019999", "5.01")]
    public void Sell_WhenThePriceHasPartsOfACent_ThenRoundsDown(long quantity, string price, string proceeds)
    {
        var player = Holding(quantity);

        var result = player.Do(player.Sell(quantity), Player.QuoteOf(price: Money(price)));

        Assert.Equal((ActionCode.Done, Money(proceeds), 1000 + Money(proceeds)), (result.Code, result.Amount, result.CashBalance));
        Assert.Empty(player.State.Positions);
    }

    [Fact]
    public void Buy_WhenNothingIsWrong_ThenTheEventHasTheTrade()
    {
        var player = Player.WithCash(1000);

        player.Do(player.Buy(10), Player.QuoteOf(price: 7.123456m));

        var happened = player.Last.Event!;
        Assert.Equal(
            ("buy_asset", "stock_a 10", "stock_a", "stock", 10L, 7.123456m, 71.24m, 928.76m),
            (
                happened.EventType, happened.Description, happened.AssetName, happened.AssetType, happened.Quantity, happened.UnitPrice,
                happened.Amount, happened.CashBalance));
        Assert.Equal(new Position("stock_a", "stock", 10, 71.24m, player.Now), Assert.Single(player.State.Positions));
    }

    [Fact]
    public void Sell_WhenPartOfAPosition_ThenItsCostShrinksInProportion()
    {
        var player = Player.WithCash(1000);
        player.Do(player.Buy(2), Player.QuoteOf(price: 5));
        player.Do(player.Buy(1), Player.QuoteOf(price: 20));

        player.Do(player.Sell(1), Player.QuoteOf(price: 100));

        Assert.Equal((2L, 20m), Assert.Single(player.State.Positions) is var p ? (p.Quantity, p.Cost) : default);
        Assert.Equal((1070m, 30m, 100m), (player.State.Cash, player.State.Spent, player.State.Earned));
    }

    [Fact]
    public void Buy_WhenCashIsShortByTheRoundedCent_ThenRefused()
    {
        var player = Player.WithCash(5m);

        Assert.Equal(ActionCode.CashShort, player.Do(player.Buy(1), Player.QuoteOf(price: 5.000001m)).Code);
        Assert.Equal(ActionCode.Done, player.Do(player.Buy(1), Player.QuoteOf(price: 5m)).Code);
    }

    [Fact]
    public void Sell_WhenMoreThanHeld_ThenRefused()
    {
        var player = Holding(3);

        Assert.Equal(ActionCode.HoldingShort, player.Do(player.Sell(4), Player.QuoteOf()).Code);
        Assert.Equal(ActionCode.HoldingShort, player.Do(player.Sell(1, asset: "bond_a"), Player.QuoteOf("bond_a")).Code);
    }

    [Theory]
    [InlineData("5", ActionCode.Done)]
    [InlineData("4.999999", ActionCode.PriceBeyondLimit)]
    public void Buy_WhenLimitIsGiven_ThenPaysNoMore(string limit, ActionCode expected)
    {
        var player = Player.WithCash(1000);

        Assert.Equal(expected, player.Do(player.Buy(1, Money(limit)), Player.QuoteOf()).Code);
    }

    [Theory]
    [InlineData("5", ActionCode.Done)]
    [InlineData("5.000001", ActionCode.PriceBeyondLimit)]
    public void Sell_WhenLimitIsGiven_ThenGetsNoLess(string limit, ActionCode expected)
    {
        var player = Holding(1);

        Assert.Equal(expected, player.Do(player.Sell(1, Money(limit)), Player.QuoteOf()).Code);
    }

    // Each line takes away the first reason for a refusal, so that the next one shows.
    [Theory]
    [InlineData(false, true, false, true, ActionCode.AssetNotTradable)]
    [InlineData(true, true, false, true, ActionCode.MarketHalted)]
    [InlineData(true, false, false, true, ActionCode.QuoteExpired)]
    [InlineData(true, false, true, true, ActionCode.PriceBeyondLimit)]
    [InlineData(true, false, true, false, ActionCode.QuantityAboveMarketLimit)]
    public void Trade_WhenSeveralRefusalsApply_ThenTheFirstCodeIsGiven(
        bool tradable, bool halted, bool valid, bool beyondLimit, ActionCode expected)
    {
        var player = Player.WithCash(0);
        var quote = Player.QuoteOf(
            validUntil: valid ? player.Now.AddSeconds(1) : player.Now, limit: 10, halted: halted, tradable: tradable);

        Assert.Equal(expected, player.Do(player.Buy(11, beyondLimit ? 1 : null), quote).Code);
        Assert.Equal(expected, player.Do(player.Sell(11, beyondLimit ? 9 : null), quote).Code);
        Assert.Equal(ActionCode.AssetUnknown, player.Do(player.Buy(11, 1)).Code);
        Assert.Equal(ActionCode.AssetUnknown, player.Do(player.Sell(11, 9)).Code);
    }

    [Fact]
    public void Trade_WhenAtTheMarketsLimit_ThenDone()
    {
        var player = Player.WithCash(1000);

        Assert.Equal(ActionCode.Done, player.Do(player.Buy(10), Player.QuoteOf(limit: 10)).Code);
    }

    [Fact]
    public void Buy_WhenThePositionWouldOverflow_ThenRefused()
    {
        var player = Player.WithCash(1000);
        player.State = player.State with { Positions = [new Position("stock_a", "stock", AccountLimits.MaxQuantity, 1, player.Now)] };

        Assert.Equal(ActionCode.BalanceOutOfRange, player.Do(player.Buy(1), Player.QuoteOf(price: 0.01m)).Code);
    }

    [Fact]
    public void Sell_WhenTheBalanceWouldOverflow_ThenRefused()
    {
        var player = Holding(1);
        player.State = player.State with { Cash = AccountLimits.MaxBalance };

        Assert.Equal(ActionCode.BalanceOutOfRange, player.Do(player.Sell(1), Player.QuoteOf(price: 0.01m)).Code);
    }

    [Fact]
    public void Trade_WhenEverythingIsAtItsBound_ThenRefusedWithoutOverflow()
    {
        var player = Holding(AccountLimits.MaxQuantity);
        var quote = Player.QuoteOf(price: AccountLimits.MaxUnitPrice);

        Assert.Equal(ActionCode.CashShort, player.Do(player.Buy(AccountLimits.MaxQuantity), quote).Code);
        Assert.Equal(ActionCode.BalanceOutOfRange, player.Do(player.Sell(AccountLimits.MaxQuantity), quote).Code);
    }

    private static decimal Money(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static Player Holding(long quantity)
    {
        var player = Player.WithCash(1000);
        player.State = player.State with { Positions = [new Position("stock_a", "stock", quantity, 1, player.Now)] };
        return player;
    }
}

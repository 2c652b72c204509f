using Banking.Accounts;
using Banking.Events;
using Banking.Inquiries;
using Banking.Markets;

namespace Banking.Grains.Tests.Cluster;

public sealed class MarketTests(GameCluster cluster) : IClassFixture<GameCluster>
{
    private int _orders;

    [Fact]
    public async Task Buy_WhenTheAssetIsListed_ThenSettledAtItsPrice()
    {
        var account = await Opened("buyer");
        var quote = await cluster.Market("stock_a").GetQuote();

        var result = await account.Perform(new BuyAsset("stock_a", 3) { ActionId = "first" });

        Assert.Equal((ActionCode.Done, quote!.UnitPrice), (result.Code, result.UnitPrice));
        var statement = await account.GetStatement(null);
        Assert.Equal(["cash", "stock_a"], statement!.Holdings.Select(h => h.AssetName));
        Assert.Equal(result.CashBalance + decimal.Round(3 * quote.UnitPrice, 2, MidpointRounding.ToZero), statement.TotalValue);
    }

    [Fact]
    public async Task Buy_WhenTheMarketIsHalted_ThenRefusedWithinAQuotesLifetimeAndTradedAgainWhenReopened()
    {
        var market = await Listed("halting");
        var account = await Opened("halted");
        await UntilBuying(account, "halting", ActionCode.Done);

        await market.Halt();
        var halted = TimeProvider.System.GetTimestamp();
        await UntilBuying(account, "halting", ActionCode.MarketHalted);
        Assert.InRange(TimeProvider.System.GetElapsedTime(halted), TimeSpan.Zero, GameCluster.QuoteLifetime + TimeSpan.FromSeconds(2));
        Assert.True((await market.GetQuote())!.Halted);

        await market.Reopen();
        await UntilBuying(account, "halting", ActionCode.Done);
    }

    [Fact]
    public async Task Buy_WhenTheAssetIsNotListed_ThenUnknownUntilItIs()
    {
        var account = await Opened("early");
        Assert.Equal(ActionCode.AssetUnknown, (await account.Perform(new BuyAsset("later", 1) { ActionId = "first" })).Code);

        await Listed("later");

        await UntilBuying(account, "later", ActionCode.Done);
    }

    [Fact]
    public async Task Buy_WhenCash_ThenNotTradable() =>
        Assert.Equal(
            ActionCode.AssetNotTradable, (await (await Opened("casher")).Perform(new BuyAsset("cash", 1) { ActionId = "first" })).Code);

    [Fact]
    public async Task Delist_WhenSomebodyHoldsTheAsset_ThenSeesItsValueAndNobodyTradesUntilItIsListedAgain()
    {
        var market = await Listed("leaving");
        var account = await Opened("holder");
        await UntilBuying(account, "leaving", ActionCode.Done);

        await market.Delist();
        await market.Delist();
        await UntilBuying(account, "leaving", ActionCode.AssetUnknown);
        await market.ListIfNew(Definition("leaving"));

        var held = Assert.Single((await account.GetStatement(null))!.Holdings, holding => holding.AssetName == "leaving");
        Assert.Equal(5 * held.Quantity, held.CurrentValue);
        Assert.Equal(ActionCode.AssetUnknown, (await account.Perform(new SellAsset("leaving", 1) { ActionId = "sell" })).Code);
        var prices = await cluster.Orleans.Client.GetGrain<IPriceBoardGrain>(0).GetPrices(null);
        Assert.DoesNotContain(prices, quote => quote.AssetName == "leaving");
        Assert.True((await market.GetListing())!.Delisted);
        await Assert.ThrowsAsync<InvalidOperationException>(market.Halt);
        await market.List(Definition("leaving"));
        await UntilBuying(account, "leaving", ActionCode.Done);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Market("never").Delist());
    }

    [Fact]
    public async Task List_WhenListedAgain_ThenRedefinedAndTheSequenceGrows()
    {
        var market = await Listed("twice");
        var first = await market.GetQuote();

        await market.ListIfNew(Definition("twice") with { BasePrice = 7 });
        Assert.Equal(first!.SequenceNumber, (await market.GetQuote())!.SequenceNumber);
        await market.List(Definition("twice") with { BasePrice = 8 });

        Assert.Equal((8m, first.SequenceNumber + 1), await market.GetQuote() is { } q ? (q.UnitPrice, q.SequenceNumber) : default);
    }

    [Fact]
    public async Task List_WhenItIsNotThisAssetOrImpossible_ThenArgumentException()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Market("one").List(Definition("two")));
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Market("one").List(Definition("one") with { BasePrice = 0 }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Market("one").Halt());
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Market("one").Reopen());
        Assert.Null(await cluster.Market("one").GetQuote());
    }

    [Fact]
    public async Task Halt_WhenTheWriteIsUnderWay_ThenQuotesAreStillTheDurableOnes()
    {
        var market = await Listed("slow");
        cluster.Storage.HoldWrites("slow");

        var halt = market.Halt();
        await Eventually.True(() => cluster.Storage.IsWaiting("slow"));
        Assert.False((await market.GetQuote())!.Halted);
        cluster.Storage.Release("slow");
        await halt;

        Assert.True((await market.GetQuote())!.Halted);
    }

    [Theory]
    [InlineData("unsure-a", (int)StorageFault.BeforeWrite, false)]
    [InlineData("unsure-b", (int)StorageFault.AfterWrite, true)]
    public async Task Halt_WhenTheOutcomeIsUnknown_ThenTheMarketGoesOnFromStorage(string name, int fault, bool halted)
    {
        var market = await Listed(name);
        cluster.Storage.FailNextWrite(name, (StorageFault)fault);

        await Assert.ThrowsAnyAsync<Exception>(market.Halt);
        await cluster.Orleans.DeactivateAsync(market);

        Assert.Equal(halted, (await market.GetQuote())!.Halted);
    }

    [Fact]
    public async Task GetPrices_WhenAssetsAreListed_ThenInTheirOrderAndLogged()
    {
        var board = cluster.Orleans.Client.GetGrain<IPriceBoardGrain>(0);
        var origin = new RequestOrigin { Host = "prices" };

        var prices = await board.GetPrices(origin);
        var price = await board.GetPrice("stock_a", origin);
        var none = await board.GetPrice("no_such", origin);
        await board.GetPrice("no such", origin);
        await cluster.Service<IInquiryServiceClient>().DrainAsync(cluster.Orleans.GetActiveSilos().First().SiloAddress);

        Assert.Equal(["stock_a", "cash"], prices.Take(2).Select(q => q.AssetName));
        Assert.Equal("stock_a", price!.AssetName);
        Assert.Null(none);
        Assert.Equal(
            ["Return price for all assets", "stock_a", "no_such"],
            cluster.Log.Of(e => e.Origin?.Host == "prices" && e.EventType == EventTypes.ReturnAssetPrice)
                .Select(e => e.Description)
                .OrderByDescending(d => d?.Length)
                .ThenByDescending(d => d));
    }

    [Fact]
    public async Task GetStatement_WhenOpen_ThenLoggedInTheAccountsPartitionWithoutASequenceNumber()
    {
        var account = await Opened("looker");
        await account.GetStatement(new RequestOrigin { Host = "h" });
        await cluster.Service<InquiryLog>().DrainAsync(TestContext.Current.CancellationToken);

        var inquiry = Assert.Single(cluster.Log.Of(e => e.EventType == EventTypes.ReturnAccountInformation && e.AccountId == "looker"));

        Assert.Equal(("looker", null, null, "h"), (inquiry.Description, inquiry.SequenceNumber, inquiry.EventId, inquiry.Origin!.Host));
    }

    private static AssetDefinition Definition(string name) =>
        new() { Name = name, Type = "stock", BasePrice = 5, BaseDate = new(2020, 1, 1) };

    private async Task<IMarketGrain> Listed(string name)
    {
        await cluster.Market(name).List(Definition(name));
        return cluster.Market(name);
    }

    private async Task<IAccountGrain> Opened(string id)
    {
        var account = cluster.Account(id);
        await account.Perform(new OpenAccount("Holder") { ActionId = "open" });
        await account.Perform(new Deposit(100_000) { ActionId = "cash" });
        return account;
    }

    private async Task UntilBuying(IAccountGrain account, string asset, ActionCode code) =>
        await Eventually.True(async () => (await account.Perform(new BuyAsset(asset, 1) { ActionId = $"b{++_orders}" })).Code == code);
}

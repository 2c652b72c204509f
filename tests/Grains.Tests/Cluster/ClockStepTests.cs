using Banking.Accounts;

namespace Banking.Grains.Tests.Cluster;

/// <summary>A silo whose wall clock is a day ahead for a while.</summary>
public sealed class ClockStepTests : IAsyncLifetime
{
    private readonly GameCluster _cluster = new();

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Quote_WhenTheClockStepsForwardAndBack_ThenLivesNoLonger()
    {
        var account = await Opened("trader");
        _cluster.Clock.Step = TimeSpan.FromDays(1);
        await Eventually.True(async () => (await account.Perform(Buy())).IsDone);
        _cluster.Clock.Step = TimeSpan.Zero;

        await _cluster.Market("stock_a").Halt();

        await Eventually.True(async () => (await account.Perform(Buy())).Code == ActionCode.MarketHalted);
    }

    [Fact]
    public async Task Buy_WhenTheClockStepsForward_ThenTheQuoteIsAsGoodAsBefore()
    {
        var account = await Opened("buyer");
        Assert.True((await account.Perform(Buy())).IsDone);

        for (var i = 1; i <= 20; i++)
        {
            _cluster.Clock.Step = TimeSpan.FromDays(i % 2);
            Assert.True((await account.Perform(Buy())).IsDone);
        }
    }

    [Fact]
    public async Task Perform_WhenTheClockWasADayAhead_ThenTodaysIdsRunAndNoneTwice()
    {
        var account = await Opened("hasty");
        _cluster.Clock.Step = TimeSpan.FromDays(1);
        var ahead = await Deposit(account, 100);
        await _cluster.Orleans.DeactivateAsync(account);
        _cluster.Clock.Step = TimeSpan.Zero;

        var today = await Deposit(account, 100);
        await _cluster.Orleans.DeactivateAsync(account);
        var again = new List<ActionResult>();
        foreach (var id in ahead.Concat(today)) again.Add(await account.Perform(new Deposit(1) { ActionId = id }));

        Assert.All(again, result => Assert.True(result.Replayed || IsRefusedForItsId(result), result.ToString()));
        Assert.Contains(again, IsRefusedForItsId);
        Assert.Equal(1_200m, (await account.GetLedger())!.Cash);
    }

    [Fact]
    public async Task Publish_WhenTheClockWasADayAhead_ThenTheOutboxIsClearedInStorage()
    {
        _cluster.Clock.Step = TimeSpan.FromDays(1);
        await Opened("cleared");
        _cluster.Clock.Step = TimeSpan.Zero;

        await Eventually.True(() => _cluster.Storage.Account("cleared") is { Outbox.Length: 0, SequenceNumber: 2 });
    }

    private static bool IsRefusedForItsId(ActionResult result) => result.Code is ActionCode.ActionTooOld or ActionCode.ActionForgotten;

    private static BuyAsset Buy() => new("stock_a", 1) { ActionId = Guid.NewGuid().ToString() };

    private async Task<List<string>> Deposit(IAccountGrain account, int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(Guid.CreateVersion7(_cluster.Clock.GetUtcNow()).ToString());
            Assert.Equal(ActionCode.Done, (await account.Perform(new Deposit(1) { ActionId = ids[^1] })).Code);
        }

        return ids;
    }

    private async Task<IAccountGrain> Opened(string id)
    {
        var account = _cluster.Account(id);
        Assert.True((await account.Perform(new OpenAccount("Holder") { ActionId = "open" })).IsDone);
        Assert.True((await account.Perform(new Deposit(1_000) { ActionId = "cash" })).IsDone);
        return account;
    }
}

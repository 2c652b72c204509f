using Banking.Accounts;

namespace Banking.Grains.Tests.Cluster;

/// <summary>Silos die here, so these tests have a cluster of their own each.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task Sweep_WhenASiloWasKilledWithUnpublishedEvents_ThenANewOnePublishesThemWithoutACall()
    {
        await using var cluster = new GameCluster();
        await cluster.InitializeAsync();
        cluster.Log.AllAway = true;
        foreach (var id in new[] { "x", "yy", "zzz" })
        {
            Assert.True((await cluster.Account(id).Perform(new OpenAccount("Holder") { ActionId = "o" })).IsDone);
            Assert.True((await cluster.Account(id).Perform(new Deposit(5) { ActionId = "d" })).IsDone);
        }

        await cluster.Orleans.KillSiloAsync(cluster.Orleans.GetActiveSilos().First(), TestContext.Current.CancellationToken);
        cluster.Log.AllAway = false;
        Assert.Empty(cluster.Log.SequencesOf("x"));
        await cluster.Orleans.StartAdditionalSiloAsync();

        foreach (var id in new[] { "x", "yy", "zzz" })
        {
            await Eventually.True(() => cluster.Storage.Account(id)!.Outbox.Length == 0);
            Assert.Equal([1L, 2L], cluster.Log.SequencesOf(id).Distinct());
        }
    }

    [Fact]
    public async Task Perform_WhenTheLogIsNotOpenYet_ThenPlayersAreAnsweredAndTheirEventsFollowWhenItOpens()
    {
        await using var cluster = new GameCluster { Log = { IsOpen = false } };
        await cluster.InitializeAsync();
        var account = cluster.Account("early");

        Assert.True((await account.Perform(new OpenAccount("Holder") { ActionId = "o" })).IsDone);
        Assert.True((await account.Perform(new BuyAsset("stock_a", 1) { ActionId = "b" })).Code == ActionCode.CashShort);
        Assert.True((await account.Perform(new Deposit(5) { ActionId = "d" })).IsDone);
        Assert.NotNull(await account.GetStatement(null));
        Assert.Equal(2, (await account.GetLedger())!.Unpublished);
        cluster.Log.IsOpen = true;
        await account.PublishOutbox();

        Assert.Equal([1L, 2L], cluster.Log.SequencesOf("early"));
        await Eventually.True(() => cluster.Log.Of(e => e.EventType == "return_account_information").Count == 1);
    }

    [Fact]
    public async Task Publish_WhenOneAccountFails_ThenTheOthersArePublishedAndItThrows()
    {
        await using var cluster = new GameCluster();
        await cluster.InitializeAsync();
        await cluster.Service<OutboxSweep>().StopAsync(TestContext.Current.CancellationToken);
        var state =
            new AccountState
            {
                SequenceNumber = 1,
                IsOpen = true,
                Outbox = [new() { EventType = "open_account", AccountId = "a", SequenceNumber = 1 }]
            };
        for (var i = 0; i < 100; i++) cluster.Storage.WriteBehind(
            $"left{i}", state with { Outbox = [state.Outbox[0] with { AccountId = $"left{i}" }] });
        for (var i = 0; i < 3; i++) cluster.Storage.FailReads($"left{i * 30}");

        var sweep = () => cluster.Service<OutboxSweep>().PublishAsync(
            TimeProvider.System.GetUtcNow().AddDays(1), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<AggregateException>(sweep);
        Assert.Equal(97, Enumerable.Range(0, 100).Count(i => cluster.Log.SequencesOf($"left{i}").Count == 1));
    }

    [Fact]
    public async Task Sweep_WhenTheClockOfTheLastWriterWasADayAhead_ThenItsEventsArePublishedAllTheSame()
    {
        await using var cluster = new GameCluster();
        await cluster.InitializeAsync();
        cluster.Storage.Ahead = TimeSpan.FromDays(1);
        var left =
            new AccountState
            {
                SequenceNumber = 1,
                IsOpen = true,
                Outbox = [new() { EventType = "open_account", AccountId = "left", SequenceNumber = 1 }]
            };
        cluster.Storage.WriteBehind("left", left);
        cluster.Storage.Ahead = TimeSpan.Zero;

        await Eventually.True(() => cluster.Log.SequencesOf("left").Count == 1);
    }

    [Fact]
    public async Task Stop_WhenEverythingIsUp_ThenOutboxesAndInquiriesAreInTheLog()
    {
        await using var cluster = new GameCluster();
        await cluster.InitializeAsync();
        await cluster.Account("a").Perform(new OpenAccount("Holder") { ActionId = "o" });
        await cluster.Account("a").GetStatement(null);

        await cluster.Orleans.StopSiloAsync(cluster.Orleans.GetActiveSilos().First(), TestContext.Current.CancellationToken);

        Assert.Equal([1L], cluster.Log.SequencesOf("a"));
        Assert.Single(cluster.Log.Of(e => e.EventType == "return_account_information"));
        Assert.Empty(cluster.Storage.Account("a")!.Outbox);
    }
}

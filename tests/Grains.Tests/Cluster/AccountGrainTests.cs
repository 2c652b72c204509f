using Banking.Accounts;

namespace Banking.Grains.Tests.Cluster;

public sealed class AccountGrainTests(GameCluster cluster) : IClassFixture<GameCluster>
{
    private readonly Storage _storage = cluster.Storage;
    private readonly EventLog _log = cluster.Log;

    [Fact]
    public async Task Perform_WhenADeposit_ThenDurableAndPublishedOnce()
    {
        var account = await Opened("plain");

        var result = await account.Perform(new Deposit(200) { ActionId = "d" });
        await account.PublishOutbox();

        Assert.Equal((ActionCode.Done, 2L, 200m), (result.Code, result.SequenceNumber, result.CashBalance));
        Assert.Equal(200m, _storage.Account("plain")!.Cash);
        Assert.Equal([1L, 2L], _log.SequencesOf("plain"));
    }

    [Theory]
    [InlineData("lostreply", true)]
    [InlineData("notwritten", false)]
    public async Task Perform_WhenTheOutcomeIsUnknown_ThenARetryMovesTheMoneyOnce(string id, bool written)
    {
        var account = await Opened(id);
        _storage.FailNextWrite(id, written ? StorageFault.AfterWrite : StorageFault.BeforeWrite);
        var deposit = new Deposit(5) { ActionId = "d" };

        await Assert.ThrowsAsync<AccountReloadException>(() => account.Perform(deposit));
        var retry = await Eventually.Succeeds(() => account.Perform(deposit));

        Assert.Equal((ActionCode.Done, 2L, 5m, written), (retry.Code, retry.SequenceNumber, retry.CashBalance, retry.Replayed));
        Assert.Equal(5m, (await account.GetLedger())!.Cash);
        await account.PublishOutbox();
        Assert.Equal([1L, 2L], _log.SequencesOf(id).Distinct());
    }

    [Fact]
    public async Task Perform_WhenAWriteFailsUnderManyActions_ThenNoneIsAnsweredAndRetriesApplyEachOnce()
    {
        var account = await Opened("burst");
        _storage.FailNextWrite("burst", StorageFault.AfterWrite);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Eventually.Succeeds(() => account.Perform(new Deposit(1) { ActionId = $"d{i}" }))));

        Assert.All(results, r => Assert.True(r.IsDone));
        Assert.Equal(20, results.Select(r => r.SequenceNumber).Distinct().Count());
        Assert.Equal(20m, (await account.GetLedger())!.Cash);
    }

    [Fact]
    public async Task Perform_WhenAWriteFailsWhileSomebodyWaitsForTheLog_ThenTheAccountComesBack()
    {
        var account = await Opened("waiting");
        _log.SetAway("waiting", true);
        await account.Perform(new Deposit(1) { ActionId = "d1" });
        var publish = account.PublishOutbox();
        await account.GetLedger();
        _storage.FailNextWrite("waiting", StorageFault.BeforeWrite);

        await Assert.ThrowsAsync<AccountReloadException>(() => account.Perform(new Deposit(1) { ActionId = "d2" }));
        var retry = await Eventually.Succeeds(() => account.Perform(new Deposit(1) { ActionId = "d2" }));

        Assert.Equal(2m, retry.CashBalance);
        _log.SetAway("waiting", false);

        // Fails with the activation that it waited in, unless the two calls overtook each other on their way.
        Assert.True(await Record.ExceptionAsync(() => publish) is null or AccountReloadException);
    }

    [Fact]
    public async Task Perform_WhenAnotherActivationWrote_ThenItsWriteStandsAndTheLoserReloads()
    {
        var account = await Opened("two");
        await account.PublishOutbox();
        await Eventually.True(() => _storage.Account("two")!.Outbox.Length == 0);
        var other = _storage.Account("two")! with { Cash = 70, PaidIn = 70 };
        _storage.WriteBehind("two", other);

        await Assert.ThrowsAsync<AccountReloadException>(() => account.Perform(new Withdraw(1) { ActionId = "w" }));
        var retry = await Eventually.Succeeds(() => account.Perform(new Withdraw(1) { ActionId = "w" }));

        Assert.Equal((ActionCode.Done, 69m), (retry.Code, retry.CashBalance));
    }

    [Fact]
    public async Task Perform_WhenAWriteIsUnderWay_ThenNothingIsAnsweredBeforeItIsDurable()
    {
        var account = await Opened("held");
        _storage.HoldWrites("held");

        var deposit = account.Perform(new Deposit(1) { ActionId = "d" });
        var replay = account.Perform(new Deposit(1) { ActionId = "d" });
        await Eventually.True(() => _storage.IsWaiting("held"));
        var ledger = account.GetLedger();
        await cluster.Account("held-neighbour").GetLedger();
        Assert.False(deposit.IsCompleted || replay.IsCompleted || ledger.IsCompleted);

        _storage.Release("held");
        var results = await Task.WhenAll(deposit, replay);
        Assert.All(results, r => Assert.Equal((ActionCode.Done, 1m), (r.Code, r.CashBalance)));
        Assert.Single(results, r => r.Replayed);
    }

    [Fact]
    public async Task Perform_When200DepositsComeAtOnce_ThenAllCountInFarFewerWrites()
    {
        var account = await Opened("hot");
        var before = _storage.Writes("hot");
        _storage.HoldWrites("hot");

        var deposits = Enumerable.Range(0, 200).Select(i => account.Perform(new Deposit(1) { ActionId = $"d{i}" })).ToList();
        await Eventually.True(() => _storage.IsWaiting("hot"));
        await cluster.Account("hot-neighbour").GetLedger();
        _storage.Release("hot");
        var results = await Task.WhenAll(deposits);

        Assert.All(results, r => Assert.True(r.IsDone));
        Assert.Equal(200m, (await account.GetLedger())!.Cash);
        Assert.InRange(_storage.Writes("hot") - before, 1, 100);
        await account.PublishOutbox();
        Assert.Equal(Enumerable.Range(1, 201).Select(n => (long)n), _log.SequencesOf("hot"));
    }

    [Fact]
    public async Task Perform_WhenTheLogIsAway_ThenPlayersGoOnToTheBoundAndItRecoversByItself()
    {
        var account = await Opened("away");
        await account.PublishOutbox();
        _log.SetAway("away", true);
        for (var i = 0; i < 256; i++) Assert.True((await account.Perform(new Deposit(1) { ActionId = $"d{i}" })).IsDone);

        var refused = await account.Perform(new Deposit(1) { ActionId = "one-more" });
        Assert.Equal(ActionCode.TooManyUnpublishedEvents, refused.Code);
        Assert.Equal(256, (await account.GetLedger())!.Unpublished);
        _log.SetAway("away", false);
        await account.PublishOutbox();

        Assert.True((await account.Perform(new Deposit(1) { ActionId = "one-more" })).IsDone);
        await account.PublishOutbox();
        Assert.Equal(Enumerable.Range(1, 258).Select(n => (long)n), _log.SequencesOf("away"));
    }

    [Fact]
    public async Task Publish_WhenTheLogsAnswerIsLost_ThenTheSameEventsComeAgainInOrder()
    {
        var account = await Opened("doubles");
        await account.PublishOutbox();
        _log.LoseNextReply("doubles");

        await account.Perform(new Deposit(1) { ActionId = "d1" });
        await account.PublishOutbox();
        await account.Perform(new Deposit(1) { ActionId = "d2" });
        await account.PublishOutbox();

        Assert.Equal([1L, 2L, 2L, 3L], _log.SequencesOf("doubles"));
    }

    [Fact]
    public async Task Publish_WhenTheAccountIsIdle_ThenTheOutboxIsClearedInStorage()
    {
        await Opened("idle");

        await Eventually.True(() => _storage.Account("idle") is { Outbox.Length: 0, SequenceNumber: 1 });

        Assert.Equal([1L], _log.SequencesOf("idle"));
        Assert.Equal(2, _storage.Writes("idle"));
    }

    [Fact]
    public async Task Deactivate_WhenEventsWait_ThenTheyArePublishedFirst()
    {
        var account = await Opened("leaving");
        _log.SetAway("leaving", true);
        await account.Perform(new Deposit(1) { ActionId = "d1" });

        var deactivation = cluster.Orleans.DeactivateAsync(account);
        _log.SetAway("leaving", false);
        await deactivation;

        Assert.Equal([1L, 2L], _log.SequencesOf("leaving").Distinct());
        Assert.Empty(_storage.Account("leaving")!.Outbox);
        Assert.True((await account.Perform(new Deposit(1) { ActionId = "d1" })).Replayed);
    }

    [Fact]
    public async Task Perform_WhenTheActionIsMalformed_ThenARefusalNotAnException()
    {
        var account = cluster.Account("malformed");

        Assert.Equal(ActionCode.InvalidActionId, (await account.Perform(new Deposit(1) { ActionId = null! })).Code);
        Assert.Equal(ActionCode.InvalidAccountId, (await cluster.Account("a/b").Perform(new OpenAccount("x") { ActionId = "1" })).Code);
        Assert.Equal(ActionCode.AccountUnknown, (await account.Perform(new BuyAsset(null!, 1) { ActionId = "1" })).Code);
        Assert.Null(await account.GetLedger());
        Assert.Null(await account.GetStatement(null));
        Assert.Null(_storage.Account("malformed"));
    }

    private async Task<IAccountGrain> Opened(string id)
    {
        var account = cluster.Account(id);
        Assert.True((await account.Perform(new OpenAccount("Holder") { ActionId = "open" })).IsDone);
        return account;
    }
}

using Banking.Accounts;
using Banking.Events;

namespace Banking.Grains.Tests.Accounts;

public sealed class AccountRulesTests
{
    [Fact]
    public void Open_WhenNeverOpened_ThenDoneWithTheFirstSequenceNumber()
    {
        var player = new Player();

        var result = player.Do(player.Open("Tim Peters"));

        Assert.Equal(new ActionResult { Code = ActionCode.Done, SequenceNumber = 1, OccurredAt = Player.Start }, result);
        Assert.True(player.State.IsOpen);
        Assert.Equal("Tim Peters", player.State.FullName);
        Assert.Equal(OpenAccount.EventType, Assert.Single(player.State.Outbox).EventType);
    }

    [Fact]
    public void Open_WhenOpen_ThenAccountExists() => Refuses(ActionCode.AccountExists, Player.WithCash(0), p => p.Open());

    [Fact]
    public void Perform_WhenNeverOpened_ThenUnknownAndNothingIsKept()
    {
        var player = new Player();

        foreach (
            var action in new AccountAction[] { player.Deposit(1), player.Withdraw(1), player.Delete(), player.Buy(1), player.Sell(1) })
            Assert.Equal(ActionCode.AccountUnknown, player.Do(action).Code);

        Assert.Equal(new AccountState(), player.State);
    }

    [Fact]
    public void Perform_WhenDeleted_ThenClosed()
    {
        var player = Player.WithCash(0);
        player.Do(player.Delete());

        foreach (
            var action in new AccountAction[] { player.Deposit(1), player.Withdraw(1), player.Delete(), player.Buy(1), player.Sell(1) })
            Assert.Equal(ActionCode.AccountClosed, player.Do(action).Code);
    }

    [Fact]
    public void Delete_WhenNameDiffers_ThenNameMismatch() =>
        Refuses(ActionCode.NameMismatch, Player.WithCash(5), p => p.Delete("alice a."));

    [Fact]
    public void Delete_WhenTheNameIsWrittenInAnotherForm_ThenIsTheHolders()
    {
        var player = new Player();
        player.Do(player.Open("Jos\u00e9"));

        Assert.True(player.Do(player.Delete("Jose\u0301")).IsDone);
    }

    [Fact]
    public void Delete_WhenCashAndPositions_ThenPaysOutAndPositionsLapse()
    {
        var player = Player.WithCash(100);
        player.Do(player.Buy(10), Player.QuoteOf());

        var result = player.Do(player.Delete());

        Assert.Equal((50m, 0m), (result.Amount, result.CashBalance));
        Assert.Equal((50m, 0m), (player.Last.Event!.Amount, player.Last.Event.CashBalance));
        Assert.Equal((0m, 50m), (player.State.Cash, player.State.PaidOut));
        Assert.Empty(player.State.Positions);
        Assert.Equal("", player.State.FullName);
    }

    [Fact]
    public void Open_WhenDeleted_ThenSequenceAndTotalsGoOn()
    {
        var player = Player.WithCash(100);
        player.Do(player.Delete());

        var result = player.Do(player.Open("Somebody Else"));

        Assert.Equal((ActionCode.Done, 3L, 0m), (result.Code, result.SequenceNumber, result.CashBalance));
        Assert.Equal(("Somebody Else", 100m, 100m), (player.State.FullName, player.State.PaidIn, player.State.PaidOut));
    }

    [Fact]
    public void Deposit_WhenOpen_ThenDoneAndEventSaysIt()
    {
        var player = Player.WithCash(0);
        var origin = new RequestOrigin { Host = "user1.comcast.com" };
        player.Now = Player.Start.AddTicks(12_345_678);

        var result = player.Do(player.Deposit(200) with { Origin = origin });

        var now = Player.Start.AddMilliseconds(1234);
        Assert.Equal(
            new ActionResult { Code = ActionCode.Done, SequenceNumber = 2, OccurredAt = now, Amount = 200, CashBalance = 200 }, result);
        Assert.Equal(
            new GameEvent
            {
                EventType = "make_deposit",
                Description = "alice 200.0",
                Origin = origin,
                EventId = "account/alice/2",
                AccountId = "alice",
                SequenceNumber = 2,
                ActionId = "a2",
                OccurredAt = now,
                Amount = 200,
                CashBalance = 200,
            },
            player.Last.Event);
    }

    [Theory]
    [InlineData("200", "200.0")]
    [InlineData("12.5", "12.5")]
    [InlineData("0.01", "0.01")]
    [InlineData("200.00", "200.0")]
    [InlineData("1000000000000", "1000000000000.0")]
    public void MoneyText_WhenAnyAmount_ThenAsTheOldPipelineWroteIt(string amount, string expected) =>
        Assert.Equal(expected, Cash.TextOf(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Deposit_WhenBalanceWouldOverflow_ThenRefused()
    {
        Refuses(ActionCode.BalanceOutOfRange, Player.WithCash(AccountLimits.MaxBalance), p => p.Deposit(0.01m));
        Assert.True(Player.WithCash(AccountLimits.MaxBalance - 1) is var rich && rich.Do(rich.Deposit(1)).IsDone);
    }

    [Fact]
    public void Withdraw_WhenNoCash_ThenNoCash() => Refuses(ActionCode.NoCash, Player.WithCash(0), p => p.Withdraw(1));

    [Fact]
    public void Withdraw_WhenCashIsShort_ThenRefused() => Refuses(ActionCode.CashShort, Player.WithCash(5), p => p.Withdraw(5.01m));

    [Fact]
    public void Withdraw_WhenTheExactBalance_ThenDone()
    {
        var player = Player.WithCash(5);

        Assert.Equal(0m, player.Do(player.Withdraw(5)).CashBalance);
        Assert.Equal(5m, player.State.PaidOut);
    }

    [Fact]
    public void Perform_WhenTheSameAgain_ThenTheFirstResultAndNoChange()
    {
        var player = Player.WithCash(0);
        var deposit = player.Deposit(5);
        var first = player.Do(deposit);
        player.Do(player.Deposit(1));
        var before = player.State;

        var again = player.Do(deposit with { Amount = 5.00m });

        Assert.Equal(first with { Replayed = true }, again);
        Assert.Same(before, player.State);
    }

    [Fact]
    public void Perform_WhenARefusalIsRetried_ThenRefusedAgainThoughItWouldNowSucceed()
    {
        var player = Player.WithCash(5);
        var withdrawal = player.Withdraw(10);
        player.Do(withdrawal);
        player.Do(player.Deposit(100));

        var again = player.Do(withdrawal);

        Assert.Equal((ActionCode.CashShort, true), (again.Code, again.Replayed));
    }

    [Fact]
    public void Perform_WhenQuoteHadExpired_ThenTheSameIdMayRunLater()
    {
        var player = Player.WithCash(100);
        var order = player.Buy(1);
        Assert.Equal(ActionCode.QuoteExpired, player.Do(order, Player.QuoteOf(validUntil: Player.Start)).Code);

        Assert.Equal(ActionCode.Done, player.Do(order, Player.QuoteOf(validUntil: Player.Start.AddTicks(1_0000))).Code);
    }

    [Fact]
    public void Perform_WhenIdWasUsedForAnotherAction_ThenIdReused()
    {
        var player = Player.WithCash(5);
        var deposit = player.Deposit(5);
        player.Do(deposit);
        var before = player.State;

        Assert.Equal(ActionCode.ActionIdReused, player.Do(new Deposit(6) { ActionId = deposit.ActionId }).Code);
        Assert.Equal(ActionCode.ActionIdReused, player.Do(new Withdraw(5) { ActionId = deposit.ActionId }).Code);
        Assert.Same(before, player.State);
        Assert.True(player.Do(deposit).Replayed);
    }

    [Fact]
    public void Perform_WhenAForgottenUuidV7_ThenTooOld()
    {
        var player = Player.WithCash(0, new AccountOptions { RememberedActions = 2 });
        var old = new Deposit(5) { ActionId = Guid.CreateVersion7(player.Now).ToString() };
        player.Do(old);
        player.Now += TimeSpan.FromMinutes(3);
        player.Do(player.Deposit(1));
        player.Do(player.Deposit(1));

        Assert.Equal(ActionCode.ActionTooOld, player.Do(old).Code);
        Assert.Equal(7m, player.State.Cash);
        Assert.True(player.Do(new Deposit(1) { ActionId = Guid.CreateVersion7(Player.Start.AddMilliseconds(1)).ToString() }).IsDone);
    }

    [Theory]
    [InlineData("order-17")]
    [InlineData("919108f7-52d1-4320-9bac-f847db4148a8")]
    public void Perform_WhenAForgottenIdWithoutTime_ThenForgottenForADay(string id)
    {
        var player = Player.WithCash(0, new AccountOptions { RememberedActions = 2, MaxUnpublishedEvents = 1_000 });
        var old = new Deposit(5) { ActionId = id };
        player.Do(old);
        player.Now += TimeSpan.FromMinutes(3);
        for (var i = 0; i < 500; i++) player.Do(player.Deposit(1));
        player.Now += TimeSpan.FromHours(23);

        Assert.Equal(ActionCode.ActionForgotten, player.Do(old).Code);
        Assert.False(player.Last.ChangesState);
        Assert.Equal(505m, player.State.Cash);
    }

    [Fact]
    public void Perform_WhenOutboxIsFull_ThenRefusedUntilItDrains()
    {
        var player = Player.WithCash(0, new AccountOptions { MaxUnpublishedEvents = 2 });
        player.Do(player.Deposit(1));
        var third = player.Deposit(1);

        Assert.Equal(ActionCode.TooManyUnpublishedEvents, player.Do(third).Code);
        Assert.False(player.Last.ChangesState);
        player.State = player.State with { Outbox = player.State.Outbox[1..] };
        Assert.Equal((ActionCode.Done, 3L), player.Do(third) is var r ? (r.Code, r.SequenceNumber) : default);
    }

    [Fact]
    public void Perform_WhenOutboxIsFull_ThenWhatWasDoneIsStillReplayed()
    {
        var player = Player.WithCash(0, new AccountOptions { MaxUnpublishedEvents = 2 });
        var deposit = player.Deposit(1);
        player.Do(deposit);

        Assert.True(player.Do(deposit) is { IsDone: true, Replayed: true });
    }

    [Fact]
    public void Perform_WhenSeveralRefusalsApply_ThenMemoryBeforeOutboxBeforeState()
    {
        var player = Player.WithCash(0, new AccountOptions { MaxUnpublishedEvents = 1, RememberedActions = 1 });
        player.State = player.State with { Memory = player.State.Memory with { ForgottenUpTo = player.Now.ToUnixTimeMilliseconds() } };
        var old = new Withdraw(1) { ActionId = Guid.CreateVersion7(player.Now).ToString() };

        Assert.Equal(ActionCode.InvalidAmount, player.Do(new Withdraw(-1) { ActionId = "a1" }).Code);
        Assert.Equal(ActionCode.ActionIdReused, player.Do(new Withdraw(1) { ActionId = "a1" }).Code);
        Assert.Equal(ActionCode.ActionTooOld, player.Do(old).Code);
        Assert.Equal(ActionCode.TooManyUnpublishedEvents, player.Do(player.Withdraw(1)).Code);
    }

    [Fact]
    public void Fold_WhenAnotherEventType_ThenThrows() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => AccountEvents.Fold(new(), new GameEvent { EventType = "default", SequenceNumber = 1 }));

    private static void Refuses(ActionCode code, Player player, Func<Player, AccountAction> action)
    {
        var before = player.State;

        var result = player.Do(action(player));

        Assert.Equal(new ActionResult { Code = code, OccurredAt = player.Now, CashBalance = before.Cash }, result);
        Assert.Null(player.Last.Event);
        Assert.Equal(before, player.State with { Memory = before.Memory });
    }
}

using Banking.Accounts;
using Banking.Events;
using Banking.Grains.Tests.Accounts;
using Banking.Recovery;
using CsCheck;

namespace Banking.Grains.Tests.Recovery;

public class AccountHistoryTests
{
    private static readonly AccountOptions Options = new();

    [Fact]
    public void TakeIn_WhenStorageWasPutBackToAnyOlderState_EndsWhereItWas() =>
        Gen.Int.Select(Gen.Int[1, 120]).Sample(
            (seed, actions) =>
            {
                var random = new Random(seed);
                var (player, states, events) = Play(random, actions);
                var older = states[random.Next(states.Count)];

                var state = TakeAll(older, events);

                AssertSame(player.State, state);
            },
            iter: 300);

    [Fact]
    public void TakeIn_WhenTheLogHoldsDoubles_TakesEachOnce() =>
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var (player, _, events) = Play(random, 60);
                var doubled = events.SelectMany(
                    (e, i) => random.Next(3) == 0 ? events[random.Next(i + 1)..(i + 1)].Prepend(e) : [e]).ToList();

                AssertSame(player.State, TakeAll(new AccountState(), doubled));
            },
            iter: 100);

    [Fact]
    public void TakeIn_WhenAnOlderStateHoldsUnpublishedEventsAndTheLogDoubles_TakesEachOnce() =>
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var player = Player.WithCash(0);
                for (var i = random.Next(6); i > 0; i--) player.Do(player.Deposit(1));
                var older = player.State;
                for (var i = random.Next(1, 6); i > 0; i--) player.Do(player.Deposit(1));
                var doubled = player.State.Outbox.SelectMany(e => Enumerable.Repeat(e, random.Next(1, 3))).ToList();

                AssertSame(player.State, TakeAll(older, doubled));
            },
            iter: 100);

    [Fact]
    public void Decide_WhenAnActionWasTakenInAndItsClientTriesAgain_GivesTheFirstResult()
    {
        var player = new Player();
        player.Do(player.Open());
        var deposit = player.Deposit(12.5m);
        var first = player.Do(deposit);
        var buy = player.Buy(2, limit: 7m);
        var bought = player.Do(buy, Player.QuoteOf());
        player.State = TakeAll(new AccountState(), player.State.Outbox);

        var again = player.Do(deposit);
        var boughtAgain = player.Do(buy, Player.QuoteOf(price: 6m));
        var other = player.Do(new Deposit(13) { ActionId = deposit.ActionId });

        Assert.Equal(first with { Replayed = true }, again);
        Assert.Equal(bought with { Replayed = true }, boughtAgain);
        Assert.Equal(ActionCode.ActionIdReused, other.Code);
    }

    [Fact]
    public void TakeIn_WhenEventsAreMissingBefore_SaysSoAndChangesNothing()
    {
        var player = Player.WithCash(0);
        player.Do(player.Deposit(1));
        player.Do(player.Deposit(2));

        var outcome = AccountHistory.TakeIn(new AccountState(), player.State.Outbox[2], Options, out var next, out _);

        Assert.Equal((Intake.Gap, 0), (outcome, next.SequenceNumber));
    }

    [Fact]
    public void TakeIn_WhenTheBalanceIsNotTheFolds_IsAContradiction()
    {
        var player = Player.WithCash(0);
        player.Do(player.Deposit(1));
        var wrong = player.State.Outbox[1] with { CashBalance = 2 };

        var outcome = AccountHistory.TakeIn(
            TakeAll(new AccountState(), player.State.Outbox[..1]), wrong, Options, out var next, out var reason);

        Assert.Equal((Intake.Contradiction, 1), (outcome, next.SequenceNumber));
        Assert.Contains("event 2", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Deposit.EventType)]
    [InlineData(SellAsset.EventType)]
    [InlineData("nothing")]
    public void TakeIn_WhenItCantHaveHappened_IsAContradiction(string type)
    {
        var happened = new GameEvent { EventType = type, SequenceNumber = 1, Amount = 1, AssetName = "stock_a", Quantity = 1 };

        Assert.Equal(Intake.Contradiction, AccountHistory.TakeIn(new AccountState(), happened, Options, out _, out _));
    }

    [Fact]
    public void TakeIn_WhenTheDatabaseHasAnotherEventOfTheNumber_IsAContradiction()
    {
        var (mine, theirs) = (Player.WithCash(0), Player.WithCash(0));
        mine.Do(mine.Deposit(1));
        theirs.Do(new Deposit(1) { ActionId = "theirs" });

        Assert.Equal(Intake.Known, AccountHistory.TakeIn(mine.State, mine.State.Outbox[1], Options, out _, out _));
        Assert.Equal(Intake.Contradiction, AccountHistory.TakeIn(mine.State, theirs.State.Outbox[1], Options, out _, out _));
    }

    [Fact]
    public void Decide_WhenTheAccountIsSetAside_RefusesAndChangesNothing()
    {
        var player = Player.WithCash(10);
        player.State = player.State with { SetAside = "of a test." };

        var result = player.Do(player.Withdraw(1));

        Assert.Equal((ActionCode.AccountSetAside, false), (result.Code, player.Last.ChangesState));
    }

    private static (Player Player, List<AccountState> States, List<GameEvent> Events) Play(Random random, int actions)
    {
        var player = new Player();
        List<AccountState> states = [player.State];
        List<GameEvent> events = [];
        for (var i = 0; i < actions; i++)
        {
            var cash = random.Next(1, 10_000) / 100m;
            AccountAction action = random.Next(8) switch
            {
                0 => player.Open($"Name {i}"),
                1 when random.Next(4) == 0 => player.Delete(player.State.FullName),
                2 or 3 or 4 => player.Deposit(cash),
                5 => player.Withdraw(cash),
                6 => player.Buy(random.Next(1, 9), asset: $"stock_{random.Next(3)}"),
                _ => player.Sell(random.Next(1, 9), asset: $"stock_{random.Next(3)}"),
            };
            var asset = action switch { BuyAsset a => a.AssetName, SellAsset a => a.AssetName, _ => "stock_0" };
            player.Do(action, Player.QuoteOf(asset, random.Next(1, 9)));
            if (player.Last.Event is { } happened) events.Add(happened);
            if (random.Next(2) == 0) player.State = player.State with { Outbox = [] };
            states.Add(player.State);
            player.Now += TimeSpan.FromSeconds(1);
        }

        return (player, states, events);
    }

    private static AccountState TakeAll(AccountState state, IEnumerable<GameEvent> events)
    {
        foreach (var happened in events)
        {
            var outcome = AccountHistory.TakeIn(state, happened, Options, out var next, out var reason);
            Assert.True(outcome is Intake.Taken or Intake.Known, reason ?? outcome.ToString());
            state = next;
        }

        return state;
    }

    private static void AssertSame(AccountState expected, AccountState actual)
    {
        Assert.Equal(expected.Positions, actual.Positions);
        Assert.Equal(
            expected with { Positions = [], Outbox = [], Memory = ActionMemory.Empty },
            actual with
            {
                Positions = expected.Positions.Length == 0 ? actual.Positions : [],
                Outbox = [],
                Memory = ActionMemory.Empty
            } with
            { Positions = [] });
    }
}

using Banking.Accounts;
using Banking.Events;
using Banking.Markets;
using CsCheck;

namespace Banking.Grains.Tests.Accounts;

/// <summary>Random lives of an account against the naive one; a failure names its seed.</summary>
public sealed class AccountPropertyTests
{
    private const int Lives = 400;
    private const int MaxUnpublished = 40;
    private static readonly string[] Names = ["Alice A.", "Bob B."];
    private static readonly string[] Assets = ["stock_a", "bond_a", "cash", "nothing"];

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 99], Gen.Int[0, 9], Gen.Int[0, 1], Gen.Int[0, 3], Gen.Int[-600, 60_000], Gen.Int[-1, 40], Gen.Int[1, 9_000_000],
        Gen.Int[0, 99],
        (kind, name, again, asset, cents, quantity, price, chance) => new Step(kind, name, again, asset, cents, quantity, price, chance));

    private sealed record Step(int Kind, int Name, int Again, int Asset, int Cents, int Quantity, int PriceMicros, int Chance);

    [Fact]
    public void Decide_WhenAnyLife_ThenAsTheNaiveAccountAndEveryInvariantHolds()
    {
        var codes = new HashSet<ActionCode>();
        for (ulong seed = 0; seed < Lives; seed++)
        {
            var steps = Steps.Array[1, 150].Generate(new PCG(1, seed), null, out _);
            var life = new Life(seed);
            for (var i = 0; i < steps.Length; i++) codes.Add(life.Live(i, steps[i]));
        }

        // Else the lives were too dull to prove anything.
        ActionCode[] expected =
            [
                ActionCode.Done, ActionCode.InvalidAmount, ActionCode.InvalidQuantity, ActionCode.ActionIdReused,
                ActionCode.TooManyUnpublishedEvents,
                ActionCode.AccountUnknown, ActionCode.AccountClosed, ActionCode.AccountExists, ActionCode.NameMismatch,
                ActionCode.AssetUnknown,
                ActionCode.AssetNotTradable, ActionCode.MarketHalted, ActionCode.QuoteExpired, ActionCode.PriceBeyondLimit,
                ActionCode.QuantityAboveMarketLimit, ActionCode.NoCash, ActionCode.CashShort, ActionCode.HoldingShort,
            ];
        Assert.Empty(expected.Except(codes));
    }

    private sealed class Life(ulong seed)
    {
        private readonly Player _player = new(
            options: new AccountOptions { RememberedActions = 1000, MaxUnpublishedEvents = MaxUnpublished });
        private readonly NaiveAccount _naive = new(MaxUnpublished);
        private readonly List<(AccountAction Action, ActionResult Result)> _remembered = [];
        private AccountState _folded = new();

        public ActionCode Live(int number, Step step)
        {
            _player.Now += TimeSpan.FromMilliseconds(step.Chance);
            var action = ActionOf(number, step);
            var quote = QuoteOf(action, step);
            var before = _player.State;

            var result = _player.Do(action, quote);

            var expected = _naive.Do(action, quote, _player.Now);
            Check(expected == result.Code, number, $"{action} gave {result.Code}, not {expected}");
            if (_player.Last.Event is { } happened) Happened(number, before, happened);
            else Check(_player.State == before with { Memory = _player.State.Memory }, number, "a refusal changed the account");
            if (_player.Last.Remember) _remembered.Add((action, result));
            Books(number);
            Replay(number, step);
            if (step.Chance < 5) Drain(step.Chance * 5);
            return result.Code;
        }

        private void Happened(int number, AccountState before, GameEvent happened)
        {
            Check(happened.SequenceNumber == before.SequenceNumber + 1, number, "a gap in the sequence");
            Check(_player.State.Outbox[^1] == happened, number, "the event is not the outbox's last");
            _folded = AccountEvents.Fold(_folded, happened);
            Check(_folded.Cash == happened.CashBalance, number, "the event's balance is not that of the fold");
        }

        private void Books(int number)
        {
            var s = _player.State;
            Check(
                s.Cash * 100 == (decimal)_naive.Cents && s.SequenceNumber == _naive.Events && s.IsOpen == _naive.IsOpen, number,
                $"the naive account has {_naive.Cents} cents");
            Check(
                s.Positions
                    .ToDictionary(p => p.AssetName, p => p.Quantity)
                    .OrderBy(p => p.Key)
                    .SequenceEqual(_naive.Units.OrderBy(p => p.Key)),
                number, "other positions");
            Check(s.PaidIn == s.Cash + s.PaidOut + s.Spent - s.Earned, number, "the books do not add up");
            Check(s.Cash >= 0 && s.Positions.All(p => p.Quantity > 0 && p.Cost >= 0), number, "something is negative");
            Check(
                (_folded.Cash, _folded.PaidIn, _folded.PaidOut, _folded.Spent, _folded.Earned, _folded.IsOpen, _folded.SequenceNumber)
                == (s.Cash, s.PaidIn, s.PaidOut, s.Spent, s.Earned, s.IsOpen, s.SequenceNumber)
                    && _folded.Positions.SequenceEqual(s.Positions),
                number,
                "the state is not the fold of its events");
            var sequences = s.Outbox.Select(e => e.SequenceNumber!.Value).ToList();
            Check(
                sequences.SequenceEqual(Enumerable.Range(0, sequences.Count).Select(i => s.SequenceNumber - sequences.Count + 1 + i)),
                number, "the outbox is out of order");
        }

        private void Replay(int number, Step step)
        {
            if (_remembered.Count == 0) return;
            var (action, first) = _remembered[step.PriceMicros % _remembered.Count];
            var before = _player.State;
            var again = _player.Do(action);
            Check(
                again == first with { Replayed = true } && ReferenceEquals(before, _player.State), number,
                $"the replay of {action} gave {again}");
        }

        private void Drain(int published)
        {
            _player.State = _player.State with { Outbox = _player.State.Outbox[Math.Min(published, _player.State.Outbox.Length)..] };
            _naive.Unpublished = _player.State.Outbox.Length;
        }

        private AccountAction ActionOf(int number, Step step)
        {
            var id = step.Chance is > 5 and < 10 && _remembered.Count > 0
                ? _remembered[step.Quantity * step.Quantity % _remembered.Count].Action.ActionId
                : $"n{number}";
            var name = Names[step.Name == 0 ? 1 : 0];
            decimal? limit = step.Chance < 30 ? Math.Max(step.Cents, 0) * 0.01m + 1 : null;
            return step.Kind switch
            {
                < 10 => new OpenAccount(name) { ActionId = id },
                < 13 => new DeleteAccount(name) { ActionId = id },
                < 40 => new Deposit(step.Cents / 100m) { ActionId = id },
                < 60 => new Withdraw(step.Cents / 100m) { ActionId = id },
                < 82 => new BuyAsset(Assets[step.Asset], step.Quantity, limit) { ActionId = id },
                _ => new SellAsset(Assets[step.Asset], step.Quantity, limit) { ActionId = id },
            };
        }

        private Quote? QuoteOf(AccountAction action, Step step) => action switch
        {
            BuyAsset or SellAsset when step.Asset == 3 => null,
            BuyAsset or SellAsset => Player.QuoteOf(
                Assets[step.Asset],
                step.PriceMicros / 1_000_000m,
                step.Chance == 50 ? _player.Now : _player.Now.AddTicks(1),
                limit: step.Chance > 80 ? 30 : null,
                halted: step.Chance is > 50 and < 55,
                tradable: step.Asset != 2),
            _ => null,
        };

        private void Check(bool holds, int number, string what)
        {
            if (!holds) Assert.Fail($"Seed {seed}, step {number}: {what}. State: {_player.State}");
        }
    }
}

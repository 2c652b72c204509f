using Banking.Accounts;
using Banking.Client.Loading;
using Banking.Client.Tests.Banks;
using CsCheck;

namespace Banking.Client.Tests.Loading;

public sealed class PredictionTests
{
    [Fact]
    public void Apply_WhenBankKeepsTheRules_ThenNoAnswerIsWrong() =>
        Gen.Int.Sample(seed =>
        {
            var bank = new SmallBank();
            var assets = AssetsOf(bank);
            var source = new RandomActions(new Random(seed), assets);
            var account = new AccountModel("a", "A", assets.Count);
            for (var i = 0; i < 300; i++)
            {
                var action = source.Next(account, $"id-{i}");
                Assert.Null(AnswerCheck.Apply(account, action, bank.Perform(account.Id, action), assets));
            }

            Assert.Equal(bank.Accounts.Single().Cash, account.Cash);
        }, iter: 200);

    [Fact]
    public void Next_WhenPlayedForLong_ThenEveryKindOfRefusalHappens()
    {
        var bank = new SmallBank();
        var assets = AssetsOf(bank);
        var source = new RandomActions(new Random(7), assets);
        var account = new AccountModel("a", "A", assets.Count);
        HashSet<ActionCode> seen = [];

        for (var i = 0; i < 20_000; i++)
        {
            var action = source.Next(account, $"id-{i}");
            var answer = bank.Perform(account.Id, action);
            AnswerCheck.Apply(account, action, answer, assets);
            seen.Add(answer.Code);
        }

        Assert.Superset(
            new HashSet<ActionCode>
            {
                ActionCode.Done, ActionCode.InvalidName, ActionCode.InvalidAmount, ActionCode.InvalidQuantity, ActionCode.AmountOutOfRange,
                ActionCode.AccountClosed, ActionCode.AccountExists, ActionCode.NameMismatch, ActionCode.AssetUnknown,
                ActionCode.AssetNotTradable,
                ActionCode.PriceBeyondLimit, ActionCode.NoCash, ActionCode.CashShort, ActionCode.HoldingShort,
            },
            seen);
    }

    [Fact]
    public void Next_WhenSeedIsTheSame_ThenActionsAreTheSame()
    {
        var assets = AssetsOf(new SmallBank());
        AccountAction[] Play()
        {
            var source = new RandomActions(new Random(3), assets);
            var account = new AccountModel("a", "A", assets.Count) { State = AccountState.Open, Cash = 100 };
            return [.. Enumerable.Range(0, 50).Select(i => source.Next(account, $"{i}"))];
        }

        Assert.Equal(Play(), Play());
    }

    [Theory]
    [InlineData(90, 2, 10, "sequence number")]
    [InlineData(89, 1, 10, "cash")]
    [InlineData(90, 1, 11, "moved")]
    public void Apply_WhenDoneAnswerIsOff_ThenItSaysWhatIsWrong(int cash, long sequence, int amount, string complaint)
    {
        var account = new AccountModel("a", "A", 0) { State = AccountState.Open, Cash = 100 };

        var found = AnswerCheck.Apply(
            account, new Withdraw(10) { ActionId = "x" }, new(ActionCode.Done, sequence, amount, cash, 0, false), new AssetList([]));

        Assert.Contains(complaint, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_WhenOverdraftIsDone_ThenItIsWrong()
    {
        var account = new AccountModel("a", "A", 0) { State = AccountState.Open, Cash = 5 };

        var found = AnswerCheck.Apply(
            account, new Withdraw(10) { ActionId = "x" }, new(ActionCode.Done, 1, 10, -5, 0, false), new AssetList([]));

        Assert.Equal("was answered done instead of cash_short", found);
    }

    [Fact]
    public void Repeat_WhenAnswerDiffers_ThenItIsWrong()
    {
        var first = new Banking.Client.Banks.BankAnswer(ActionCode.Done, 1, 10, 10, 0, false);

        Assert.Null(AnswerCheck.Repeat(first, first with { Replayed = true }));
        Assert.NotNull(AnswerCheck.Repeat(first, first));
        Assert.NotNull(AnswerCheck.Repeat(first, first with { SequenceNumber = 2, Replayed = true }));
    }

    private static AssetList AssetsOf(SmallBank bank) =>
        new([.. bank.Prices.Where(asset => asset.Tradable).Select(asset => (asset.AssetName, asset.Price))]);
}

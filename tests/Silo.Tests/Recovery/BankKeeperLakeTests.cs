using Banking.Recovery;
using Banking.Silo.Recovery;

namespace Banking.Silo.Tests.Recovery;

/// <summary>What the lake has to say before the bank opens.</summary>
public sealed class BankKeeperLakeTests : KeptBank
{
    [Fact]
    public async Task Keeper_WhenOnlyTheLakeKnowsThatTheLogWentBack_RefusesUntilItSaysNothingMore()
    {
        await using var log = Open(Path.Combine(Folder, "log.db"));
        Lake.Answer = _ => Task.FromResult<string?>("The lake covers more.");
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Refused);
        Assert.Equal("The lake covers more.", keeper.Status.Sentence);

        Lake.Answer = _ => Task.FromResult<string?>(null);
        await CheckedLater(keeper);
    }

    public static TheoryData<Func<CancellationToken, Task<string?>>> LakesThatSayNothing =>
    [
        new(_ => throw new IOException("The lake is away.")),
        new(_ => throw new InvalidDataException("The lake is damaged.")),
        new(async cancellationToken =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return null;
        }),
    ];

    [Fact]
    public async Task Keeper_WhenTheLakeIsThereButSlow_GivesItTime()
    {
        await using var log = Open(Path.Combine(Folder, "log.db"));
        Lake.Answer = async cancellationToken =>
        {
            await Task.Delay(TimeSpan.FromSeconds(20), Clock, cancellationToken);
            return "The lake covers more.";
        };
        using var keeper = Keeper(log);
        keeper.Start();

        await Later(() => keeper.Status.Stage == BankStage.Refused);
    }

    [Theory]
    [MemberData(nameof(LakesThatSayNothing), DisableDiscoveryEnumeration = true)]
    public async Task Keeper_WhenTheLakeCantBeAsked_GoesOnWithoutIt(Func<CancellationToken, Task<string?>> lake)
    {
        await using var log = Open(Path.Combine(Folder, "log.db"));
        Lake.Answer = lake;
        using var keeper = Keeper(log);
        keeper.Start();

        await Until(keeper, BankStage.Checked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keeper_WhenALogIsGoneThatTheLakeHasNotWholly_RefusesUntilTheLakeHasItOrItIsRepaired(bool isRepaired)
    {
        await using (var log = Open(Path.Combine(Folder, "gone.db")))
        {
            await Append(log);
            using var keeper = Keeper(log);
            keeper.Start();
            await Until(keeper, BankStage.Checked);
            await keeper.NoteEndsAsync(Token);
            Identity.Bank = keeper.Status.Bank;
        }

        await using var another = Open(Path.Combine(Folder, "new.db"));
        using var next = Keeper(another);
        next.Start();
        await Until(next, BankStage.Refused);
        Assert.Contains(
            "partition 0 went up to offset 0, and the lake has it below offset 0", next.Status.Sentence, StringComparison.Ordinal);

        if (isRepaired) Assert.Single(await new MarkRepair(Check(another)).ApplyAsync(Token));
        else Lake.End = 1;

        Assert.Empty(await new MarkRepair(Check(another)).FindAsync(Token));
        await CheckedLater(next);
    }

    [Fact]
    public async Task Keeper_WhenALogIsGoneAndTheLakeCantSayWhetherItHasIt_LetsNobodyActUntilItCan()
    {
        await using (var log = Open(Path.Combine(Folder, "gone.db")))
        {
            await Append(log);
            using var keeper = Keeper(log);
            keeper.Start();
            await Until(keeper, BankStage.Checked);
            await keeper.NoteEndsAsync(Token);
            Identity.Bank = keeper.Status.Bank;
        }

        Lake.End = null;
        await using var another = Open(Path.Combine(Folder, "new.db"));
        using var next = Keeper(another);
        next.Start();
        await Later(() => Lake.Asked > 3);
        Assert.Equal(BankStage.Checking, next.Status.Stage);
        Assert.Contains("The lake is away.", next.Status.Sentence, StringComparison.Ordinal);

        Lake.End = 1;
        await CheckedLater(next);
    }

    [Fact]
    public async Task Keeper_WhenTheLakeIsAnotherOne_SaysSoUntilItIsTaken()
    {
        await using var log = Open(Path.Combine(Folder, "log.db"));
        using (var first = Keeper(log))
        {
            first.Start();
            await Until(first, BankStage.Checked);
            Identity.Bank = first.Status.Bank;
            await Later(() => Storage.Bank!.Lake == Identity.Lake);
            Assert.Null(first.Status.Sentence);
        }

        Identity.Lake = "another-lake";
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Checked);
        Assert.StartsWith(
            "The lake is another-lake, and this bank's events went to the-lake", keeper.Status.Sentence, StringComparison.Ordinal);

        Assert.Equal("database-lake", Assert.Single(await new MarkRepair(Check(log)).ApplyAsync(Token)).Part);
        await Later(() => keeper.Status.Sentence is null && Storage.Bank!.Lake == "another-lake");
    }
}

using Banking.Accounts;
using Banking.Client.Verifying;
using Banking.Markets;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>One thing fails at a time, badly, under players; afterwards nothing may be lost or doubled.</summary>
public sealed class FaultTests
{
    private const int Seed = 11;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_WhenRepliesAreLost_HasDoublesThatTheLakeDrops()
    {
        await using var bank = await BankCluster.Start(Seed);
        await using var players = new Players(bank, Seed);

        bank.Faults.Log.Set(before: 0.1, after: 0.3);
        await players.Play(500, Token);
        bank.Faults.Log.Heal();

        Assert.NotEqual(0, bank.Faults.Log.Hits);
        await AssertPromisesKept(bank, players);
        var dropped = 0L;
        for (
            var partition =
                0; partition < bank.Log.PartitionCount; partition++) dropped += (await bank.Sink(partition).GetStatus()).DuplicatesDropped;
        Assert.NotEqual(0, dropped);
    }

    [Fact]
    public async Task Inquiries_WhenTheLogIsAway_AreAnswered()
    {
        await using var bank = await BankCluster.Start(Seed);
        var account = bank.Grains.GetGrain<IAccountGrain>("curious");
        await account.Perform(new OpenAccount("Ann Example") { ActionId = "open" });
        await bank.Flush(Token);

        bank.Faults.Log.Set(before: 1, after: 0);
        for (var i = 0; i < 50; i++)
        {
            Assert.NotNull(await account.GetStatement(null));
            Assert.NotEmpty(await bank.Grains.GetGrain<IPriceBoardGrain>(0).GetPrices(null));
        }

        bank.Faults.Log.Heal();
        await bank.Flush(Token);

        using var lake = new LakeReader(await bank.ReadLake());
        Assert.Equal(50, lake.Count("asset_prices", "event_type = 'return_account_information'"));
        Assert.Equal(50, lake.Count("asset_prices", "event_type = 'return_asset_price'"));
    }

    [Fact]
    public async Task Players_WhenTheLogIsAwayForLong_AreRefusedUntilItIsBack()
    {
        await using var bank = await BankCluster.Start(Seed);
        var account = bank.Grains.GetGrain<IAccountGrain>("patient");
        await account.Perform(new OpenAccount("Ann Example") { ActionId = "open" });

        bank.Faults.Log.Set(before: 1, after: 0);
        var accepted = 0;
        var refusal = await account.Perform(new Deposit(1m) { ActionId = "d-0" });
        for (; refusal.IsDone && accepted < 1_000; accepted++) refusal = await account.Perform(
            new Deposit(1m) { ActionId = $"d-{accepted + 1}" });
        Assert.Equal(ActionCode.TooManyUnpublishedEvents, refusal.Code);
        bank.Faults.Log.Heal();
        await bank.Flush(Token);
        var again = await account.Perform(new Deposit(1m) { ActionId = $"d-{accepted}" });
        await bank.Flush(Token);

        Assert.True(again is { IsDone: true, Replayed: false }, again.ToString());
        using var lake = new LakeReader(await bank.ReadLake());
        Assert.Equal(accepted + 1, lake.Count("cash_transactions", "account_id = 'patient'"));
    }

    [Fact]
    public async Task Storage_WhenWritesFailBeforeAndAfterTheirCommit_GivesEachActionOneResult()
    {
        await using var bank = await BankCluster.Start(Seed);
        await using var players = new Players(bank, Seed);

        bank.Faults.Storage.Set(before: 0.2, after: 0.2);
        await players.Play(400, Token);
        bank.Faults.Storage.Heal();

        Assert.NotEqual(0, bank.Faults.Storage.Hits);
        await AssertPromisesKept(bank, players);
    }

    [Fact]
    public async Task Lake_WhenItFailsForAWhile_HasEverythingAfterwards()
    {
        await using var bank = await BankCluster.Start(Seed);
        await using var players = new Players(bank, Seed);

        bank.Faults.Lake.Set(before: 0.3, after: 0.3);
        await players.Play(1_000, Token);
        await Eventually.True(() => bank.Faults.Lake.Hits > 10, "the lake failed ten times");
        bank.Faults.Lake.Heal();

        await AssertPromisesKept(bank, players);
    }

    [Fact]
    public async Task Sink_WhenDeactivatedAgainAndAgain_LosesAndDoublesNothing()
    {
        await using var bank = await BankCluster.Start(Seed);
        await using var players = new Players(bank, Seed);

        for (var round = 0; round < 5; round++)
        {
            await players.Play(100, Token);
            for (var partition = 0; partition < bank.Log.PartitionCount; partition++) await bank.Deactivate(bank.Sink(partition));
        }

        await AssertPromisesKept(bank, players);
    }

    [Fact]
    public async Task Sink_WhenItsSiloDiesInACommitThatGoesThroughLater_IsFencedOff()
    {
        await using var bank = await BankCluster.Start(Seed);
        await using var players = new Players(bank, Seed);
        await players.Play(200, Token);
        await Eventually.True(() => bank.SiloOf(bank.Sink(0)) is not null, "the sink of partition 0 is active");
        var zombie = bank.SiloOf(bank.Sink(0))!;

        // The commit stands still, its silo is buried, another one commits in its place; then the old rename goes through.
        bank.Faults.Gates.Close(zombie.Name);
        await Eventually.True(() => bank.Faults.Gates.Waiting > 0, "a commit stands still");
        await bank.Kill(zombie);
        await players.Play(300, Token);
        await bank.Flush(Token);
        bank.Faults.Gates.OpenAll();
        await Eventually.True(() => bank.Faults.Gates.Waiting == 0, "the old commit went through");
        await players.Play(200, Token);

        await AssertPromisesKept(bank, players);
    }

    private static async Task AssertPromisesKept(BankCluster bank, Players players)
    {
        var complaints = await players.Finish();
        var broken = await Audit.Run(bank, JournalFile.Read(players.JournalFile), Token);
        Assert.True(complaints.Count == 0, string.Join('\n', complaints.Take(20)));
        Assert.True(broken.Count == 0, string.Join('\n', broken.Take(20)));
    }
}

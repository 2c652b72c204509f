using System.Text;
using Banking.Accounts;
using Banking.Recovery;
using Banking.Silo.Recovery;
using Banking.Storage;
using Banking.Streaming.Log;

namespace Banking.Silo.Tests.Recovery;

/// <summary>When the check is made again.</summary>
public sealed class BankKeeperTests : KeptBank
{
    [Fact]
    public async Task Keeper_WhenTheLogThatWentBackIsMended_ChecksAgainAndOpens()
    {
        await using var behind = Open(await MakeOlderLog());
        using var keeper = Keeper(behind);
        keeper.Start();
        await Until(keeper, BankStage.Refused);
        Assert.Contains("went back", keeper.Status.Sentence, StringComparison.Ordinal);

        // The very record that the database's mark is of.
        await Append(behind);
        await CheckedLater(keeper);
        Assert.Null(keeper.Status.Sentence);
    }

    [Fact]
    public async Task Repair_WhenTheLogLostItsEndAndWentOn_HasTheDatabaseGoOnWithIt()
    {
        await using var other = Open(await MakeOlderLog());
        await other.AppendAsync(0, [new NewLogRecord(default, Encoding.UTF8.GetBytes("somebody else's"), [])], Token);
        using var keeper = Keeper(other);
        keeper.Start();
        await Until(keeper, BankStage.Refused);
        var repair = new MarkRepair(Check(other));

        var found = Assert.Single(await repair.FindAsync(Token));
        var stillThere = Assert.Single(await repair.FindAsync(Token));
        var applied = Assert.Single(await repair.ApplyAsync(Token));

        Assert.Equal(("database-p000", true, false), (found.Part, found.CanMend, found.Done));
        Assert.Equal(found, stillThere);
        Assert.Equal(found with { Done = true }, applied);
        Assert.Empty(await repair.FindAsync(Token));
        await CheckedLater(keeper);
        Assert.Null(keeper.Status.Sentence);
    }

    [Fact]
    public async Task CheckAgain_WhenItWasChecked_ClosesAtOnceAndOpensWhenItIsDone()
    {
        await using var log = Open(Path.Combine(Folder, "log.db"));
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Checked);
        Storage.Away = new StorageReadFailedException("The database is away.");

        keeper.CheckAgain("The database went back.");

        Assert.Equal(BankStage.Checking, keeper.Status.Stage);
        await Eventually.True(() => Task.FromResult(keeper.Status.Sentence!.Contains("is away", StringComparison.Ordinal)));
        Assert.Equal(BankStage.Checking, keeper.Status.Stage);
        Storage.Away = null;
        await Until(keeper, BankStage.Checked);
    }

    [Fact]
    public async Task Keeper_WhenTheLogLostRecordsThatNoMarkIsOfYet_RefusesUntilItIsRepaired()
    {
        var (whole, older) = (Path.Combine(Folder, "whole.db"), Path.Combine(Folder, "older.db"));
        await using (var log = Open(whole)) await Append(log);
        File.Copy(whole, older);
        await using (var log = Open(whole))
        {
            using var keeper = Keeper(log);
            keeper.Start();
            await Until(keeper, BankStage.Checked);
            await Append(log);
            await keeper.NoteEndsAsync(Token);
        }

        await using var behind = Open(older);
        using var next = Keeper(behind);
        next.Start();
        await Until(next, BankStage.Refused);
        Assert.Contains(
            "partition 0 ends at offset 0, and the database was fed from it up to offset 1", next.Status.Sentence,
            StringComparison.Ordinal);

        Assert.True(Assert.Single(await new MarkRepair(Check(behind)).ApplyAsync(Token)).Done);
        await CheckedLater(next);
    }

    [Fact]
    public async Task Keeper_WhileAllIsWell_NotesTheLogsEndSoonerThanAccountsForgetTheirLastEvent()
    {
        await using var log = Open(Path.Combine(Folder, "log.db"));
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Checked);
        await Append(log);
        var since = Clock.GetUtcNow();

        await Eventually.True(() =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(Storage.Bank?.Ends is [{ Next: 1 }]);
        });
        Assert.InRange(Clock.GetUtcNow() - since, TimeSpan.Zero, new AccountOptions().ClearPublishedAfter);
    }
}

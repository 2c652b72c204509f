using System.Text;
using Banking.Accounts;
using Banking.Lake.Store;
using Banking.Recovery;
using Banking.Silo.Recovery;
using Banking.Storage;
using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Silo.Tests.Recovery;

/// <summary>When the check is made again.</summary>
public sealed class BankKeeperTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly BankOnly _storage = new();
    private readonly LakeSays _lake = new();
    private readonly LakeName _identity = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

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
        await using var log = Open(_folder.File("log.db"));
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Checked);
        _storage.Away = new StorageReadFailedException("The database is away.");

        keeper.CheckAgain("The database went back.");

        Assert.Equal(BankStage.Checking, keeper.Status.Stage);
        await Eventually.True(() => Task.FromResult(keeper.Status.Sentence!.Contains("is away", StringComparison.Ordinal)));
        Assert.Equal(BankStage.Checking, keeper.Status.Stage);
        _storage.Away = null;
        await Until(keeper, BankStage.Checked);
    }

    [Fact]
    public async Task Keeper_WhenTheLogLostRecordsThatNoMarkIsOfYet_RefusesUntilItIsRepaired()
    {
        var (whole, older) = (_folder.File("whole.db"), _folder.File("older.db"));
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
    public async Task Keeper_WhenOnlyTheLakeKnowsThatTheLogWentBack_RefusesUntilItSaysNothingMore()
    {
        await using var log = Open(_folder.File("log.db"));
        _lake.Answer = _ => Task.FromResult<string?>("The lake covers more.");
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Refused);
        Assert.Equal("The lake covers more.", keeper.Status.Sentence);

        _lake.Answer = _ => Task.FromResult<string?>(null);
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

    [Theory]
    [MemberData(nameof(LakesThatSayNothing), DisableDiscoveryEnumeration = true)]
    public async Task Keeper_WhenTheLakeCantBeAsked_GoesOnWithoutIt(Func<CancellationToken, Task<string?>> lake)
    {
        await using var log = Open(_folder.File("log.db"));
        _lake.Answer = lake;
        using var keeper = Keeper(log);
        keeper.Start();

        await Until(keeper, BankStage.Checked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keeper_WhenALogIsGoneThatTheLakeHasNotWholly_RefusesUntilTheLakeHasItOrItIsRepaired(bool isRepaired)
    {
        await using (var log = Open(_folder.File("gone.db")))
        {
            await Append(log);
            using var keeper = Keeper(log);
            keeper.Start();
            await Until(keeper, BankStage.Checked);
            await keeper.NoteEndsAsync(Token);
            _identity.Bank = keeper.Status.Bank;
        }

        await using var another = Open(_folder.File("new.db"));
        using var next = Keeper(another);
        next.Start();
        await Until(next, BankStage.Refused);
        Assert.Contains(
            "partition 0 went up to offset 0, and the lake has it below offset 0", next.Status.Sentence, StringComparison.Ordinal);

        if (isRepaired) Assert.Single(await new MarkRepair(Check(another)).ApplyAsync(Token));
        else _lake.End = 1;

        Assert.Empty(await new MarkRepair(Check(another)).FindAsync(Token));
        await CheckedLater(next);
    }

    [Fact]
    public async Task Keeper_WhenALogIsGoneAndTheLakeCantSayWhetherItHasIt_LetsNobodyActUntilItCan()
    {
        await using (var log = Open(_folder.File("gone.db")))
        {
            await Append(log);
            using var keeper = Keeper(log);
            keeper.Start();
            await Until(keeper, BankStage.Checked);
            await keeper.NoteEndsAsync(Token);
            _identity.Bank = keeper.Status.Bank;
        }

        _lake.End = null;
        await using var another = Open(_folder.File("new.db"));
        using var next = Keeper(another);
        next.Start();
        await Later(() => _lake.Asked > 3);
        Assert.Equal(BankStage.Checking, next.Status.Stage);
        Assert.Contains("The lake is away.", next.Status.Sentence, StringComparison.Ordinal);

        _lake.End = 1;
        await CheckedLater(next);
    }

    [Fact]
    public async Task Keeper_WhenTheLakeIsAnotherOne_SaysSoUntilItIsTaken()
    {
        await using var log = Open(_folder.File("log.db"));
        using (var first = Keeper(log))
        {
            first.Start();
            await Until(first, BankStage.Checked);
            _identity.Bank = first.Status.Bank;
            await Later(() => _storage.Bank!.Lake == _identity.Lake);
            Assert.Null(first.Status.Sentence);
        }

        _identity.Lake = "another-lake";
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Checked);
        Assert.StartsWith(
            "The lake is another-lake, and this bank's events went to the-lake", keeper.Status.Sentence, StringComparison.Ordinal);

        Assert.Equal("database-lake", Assert.Single(await new MarkRepair(Check(log)).ApplyAsync(Token)).Part);
        await Later(() => keeper.Status.Sentence is null && _storage.Bank!.Lake == "another-lake");
    }

    [Fact]
    public async Task Keeper_WhileAllIsWell_NotesTheLogsEndSoonerThanAccountsForgetTheirLastEvent()
    {
        await using var log = Open(_folder.File("log.db"));
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Checked);
        await Append(log);
        var since = _clock.GetUtcNow();

        await Eventually.True(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(_storage.Bank?.Ends is [{ Next: 1 }]);
        });
        Assert.InRange(_clock.GetUtcNow() - since, TimeSpan.Zero, new AccountOptions().ClearPublishedAfter);
    }

    /// <returns>A copy of a log that lacks the record of which the database has a mark.</returns>
    private async Task<string> MakeOlderLog()
    {
        var (whole, older) = (_folder.File("whole.db"), _folder.File("older.db"));
        await using (Open(whole))
        {
            // Only made.
        }

        File.Copy(whole, older);
        await using var log = Open(whole);
        await Append(log);
        using var keeper = Keeper(log);
        keeper.Start();
        await Until(keeper, BankStage.Checked);
        return older;
    }

    // One that refused looks again twice a minute.
    private Task CheckedLater(BankKeeper keeper) => Later(() => keeper.Status.Stage == BankStage.Checked);

    private Task Later(Func<bool> condition) => Eventually.True(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(30));
        return Task.FromResult(condition());
    });

    // A record that is appended again has the time that it had.
    private static SqliteLog Open(string path) => SqliteLog.Open(
        new SqliteLogOptions { Path = path, Partitions = 1, RetentionAge = null }, new FakeTimeProvider(Now), NullLogger.Instance);

    private static async Task Append(SqliteLog log) =>
        await log.AppendAsync(0, [new NewLogRecord(default, Encoding.UTF8.GetBytes("somebody's"), [])], Token);

    private BankKeeper Keeper(SqliteLog log) => new(
        Check(log),
        new AccountStore(_storage, _storage, _clock),
        Options.Create(new AccountOptions()), new MarkLag(TimeSpan.Zero), _clock, NullLogger<BankKeeper>.Instance);

    private BankCheck Check(SqliteLog log) => new(
        new AccountStore(_storage, _storage, _clock),
        log,
        new FolderLakeStore(_folder.File("lake")),
        _identity,
        _lake,
        Options.Create(new AccountOptions()),
        _clock,
        NullLogger<BankCheck>.Instance);

    // Pauses between attempts are the clock's.
    private Task Until(BankKeeper keeper, BankStage stage) => Eventually.True(() =>
    {
        if (keeper.Status.Stage != stage) _clock.Advance(TimeSpan.FromMilliseconds(500));
        return Task.FromResult(keeper.Status.Stage == stage);
    });
}

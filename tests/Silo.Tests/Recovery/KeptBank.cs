using System.Text;
using Banking.Accounts;
using Banking.Lake.Store;
using Banking.Recovery;
using Banking.Silo.Recovery;
using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Silo.Tests.Recovery;

/// <summary>A keeper of a bank whose log is a file, whose lake says what a test wants, and whose time is the test's.</summary>
public abstract class KeptBank : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected string Folder => _folder.Path;

    protected FakeTimeProvider Clock { get; } = new(Now);

    private protected BankOnly Storage { get; } = new();

    private protected LakeSays Lake { get; } = new();

    private protected LakeName Identity { get; } = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <returns>A copy of a log that lacks the record of which the database has a mark.</returns>
    protected async Task<string> MakeOlderLog()
    {
        var (whole, older) = (Path.Combine(Folder, "whole.db"), Path.Combine(Folder, "older.db"));
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
    private protected Task CheckedLater(BankKeeper keeper) => Later(() => keeper.Status.Stage == BankStage.Checked);

    protected Task Later(Func<bool> condition) => Eventually.True(() =>
    {
        Clock.Advance(TimeSpan.FromSeconds(30));
        return Task.FromResult(condition());
    });

    // A record that is appended again has the time that it had.
    protected static SqliteLog Open(string path) => SqliteLog.Open(
        new SqliteLogOptions { Path = path, Partitions = 1, RetentionAge = null }, new FakeTimeProvider(Now), NullLogger.Instance);

    protected static async Task Append(SqliteLog log) =>
        await log.AppendAsync(0, [new NewLogRecord(default, Encoding.UTF8.GetBytes("somebody's"), [])], Token);

    private protected BankKeeper Keeper(SqliteLog log) => new(
        Check(log),
        new AccountStore(Storage, Storage, Clock),
        Options.Create(new AccountOptions()), new MarkLag(TimeSpan.Zero), Clock, NullLogger<BankKeeper>.Instance);

    private protected BankCheck Check(SqliteLog log) => new(
        new AccountStore(Storage, Storage, Clock),
        log,
        new FolderLakeStore(Path.Combine(Folder, "lake")),
        Identity,
        Lake,
        Options.Create(new AccountOptions()),
        Clock,
        NullLogger<BankCheck>.Instance);

    // Pauses between attempts are the clock's.
    private protected Task Until(BankKeeper keeper, BankStage stage) => Eventually.True(() =>
    {
        if (keeper.Status.Stage != stage) Clock.Advance(TimeSpan.FromMilliseconds(500));
        return Task.FromResult(keeper.Status.Stage == stage);
    });
}

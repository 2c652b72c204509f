using System.Diagnostics.Metrics;
using Banking.Lake;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Catalog;
using Banking.Sink.Diagnostics;
using Banking.Sink.Settings;
using Banking.Sink.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests.Catalog;

/// <summary>The catalog follows the lake's folders, whoever is away for a while.</summary>
public sealed class CatalogSyncTests : IDisposable
{
    private static readonly DateOnly Monday = new(2026, 11, 23);
    private readonly ServiceProvider _provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Json.Noon));
    private readonly MemoryCatalog _catalog = new();
    private readonly CatalogMetrics _metrics;
    private readonly CatalogSync _sync;

    public CatalogSyncTests()
    {
        _metrics = new CatalogMetrics(_provider.GetRequiredService<IMeterFactory>());
        _sync = Open();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _sync.Dispose();
        _metrics.Dispose();
        _provider.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TickAsync_AfterTheStart_ThenRegistersWhatTheLakeHas()
    {
        AddDay(LakeTables.CashTransactions, Monday);
        AddDay(LakeTables.AccountStatus, Monday);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "cash_transactions", "no day"));

        await _sync.TickAsync(Token);

        Assert.Equal(["account_status/dt=2026-11-23", "cash_transactions/dt=2026-11-23"], _catalog.Partitions);
        Assert.Equal((2, 0, null), (_sync.Status.Registered, _sync.Status.Pending, _sync.Status.Failure));
    }

    [Fact]
    public async Task TickAsync_WhenNothingHappened_ThenAsksNobody()
    {
        await _sync.TickAsync(Token);
        var calls = _catalog.Calls;

        _time.Advance(TimeSpan.FromSeconds(30));
        await _sync.TickAsync(Token);

        Assert.Equal(calls, _catalog.Calls);
    }

    [Fact]
    public async Task TickAsync_WhenANewDayWasAnnounced_ThenRegistersIt()
    {
        await _sync.TickAsync(Token);
        AddDay(LakeTables.CashTransactions, Monday);

        _sync.Announce([new LakeDay("cash_transactions", Monday)]);
        await _sync.TickAsync(Token);

        Assert.Equal(["cash_transactions/dt=2026-11-23"], _catalog.Partitions);
    }

    [Fact]
    public async Task TickAsync_WhenAKnownDayWasAnnounced_ThenAsksNobody()
    {
        AddDay(LakeTables.CashTransactions, Monday);
        await _sync.TickAsync(Token);
        var calls = _catalog.Calls;

        _sync.Announce([new LakeDay("cash_transactions", Monday)]);
        await _sync.TickAsync(Token);

        Assert.Equal(calls, _catalog.Calls);
    }

    [Fact]
    public async Task TickAsync_WhenNobodyToldOfADay_ThenItIsFoundAfterAWhile()
    {
        await _sync.TickAsync(Token);
        AddDay(LakeTables.CashTransactions, Monday);

        _time.Advance(TimeSpan.FromMinutes(2));
        await _sync.TickAsync(Token);

        Assert.Equal(["cash_transactions/dt=2026-11-23"], _catalog.Partitions);
    }

    [Fact]
    public async Task TickAsync_WhenSomebodyDroppedAPartition_ThenItComesBack()
    {
        AddDay(LakeTables.CashTransactions, Monday);
        await _sync.TickAsync(Token);
        _catalog.Drop(LakeTables.CashTransactions, Monday);

        _time.Advance(TimeSpan.FromMinutes(2));
        await _sync.TickAsync(Token);

        Assert.Equal(["cash_transactions/dt=2026-11-23"], _catalog.Partitions);
    }

    [Fact]
    public async Task TickAsync_WhenTheMetastoreIsAway_ThenTriesLessAndLessOftenUntilItIsBack()
    {
        AddDay(LakeTables.CashTransactions, Monday);
        _catalog.Failure = new IOException("away");
        for (var i = 0; i < 600; i++)
        {
            await _sync.TickAsync(Token);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        // One call a pass, as the first is not answered.
        Assert.InRange(_catalog.Calls, 20, 30);
        Assert.Equal((1, "The metastore could not be brought up to date: away."), (_sync.Status.Pending, _sync.Status.Failure));
        _catalog.Failure = null;
        _time.Advance(TimeSpan.FromSeconds(30));
        await _sync.TickAsync(Token);

        Assert.Equal(["cash_transactions/dt=2026-11-23"], _catalog.Partitions);
        Assert.Equal((0, null), (_sync.Status.Pending, _sync.Status.Failure));
    }

    [Fact]
    public async Task TickAsync_WhenATableIsSomebodyElses_ThenTheOthersGoOnAndTheStatusSaysSo()
    {
        _catalog.Foreign.Add("account_status");
        AddDay(LakeTables.AccountStatus, Monday);
        AddDay(LakeTables.CashTransactions, Monday);

        await _sync.TickAsync(Token);

        Assert.Equal(["cash_transactions/dt=2026-11-23"], _catalog.Partitions);
        Assert.Equal(["The table account_status is not the lake's."], _sync.Status.Refusals);
        Assert.Equal((1, 1, null), (_sync.Status.Registered, _sync.Status.Pending, _sync.Status.Failure));
    }

    [Fact]
    public async Task FlushAsync_WhenATableIsSomebodyElses_ThenSaysWhatIsMissing()
    {
        _catalog.Foreign.Add("account_status");
        AddDay(LakeTables.AccountStatus, Monday);

        var problem = await _sync.FlushAsync(Token);

        Assert.Equal("The table account_status is not the lake's. Not known to be registered: account_status of 2026-11-23.", problem);
    }

    [Fact]
    public async Task FlushAsync_WhenATableIsSomebodyElsesAndNothingIsMissingThere_ThenIsFine()
    {
        _catalog.Foreign.Add("account_status");
        AddDay(LakeTables.CashTransactions, Monday);

        Assert.Null(await _sync.FlushAsync(Token));
        Assert.Single(_sync.Status.Refusals);
    }

    [Fact]
    public async Task TickAsync_WhenTheOtherTableIsGone_ThenTheLakesTakesItsPlace()
    {
        _catalog.Foreign.Add("account_status");
        AddDay(LakeTables.AccountStatus, Monday);
        await _sync.TickAsync(Token);

        _catalog.Foreign.Clear();

        Assert.Null(await _sync.FlushAsync(Token));
        Assert.Equal(["account_status/dt=2026-11-23"], _catalog.Partitions);
        Assert.Empty(_sync.Status.Refusals);
    }

    [Fact]
    public async Task FlushAsync_WhenAFailureIsWaitedOut_ThenTriesAtOnce()
    {
        AddDay(LakeTables.CashTransactions, Monday);
        _catalog.Failure = new IOException("away");
        await _sync.TickAsync(Token);
        Assert.Equal(
            "The metastore could not be brought up to date: away. Not known to be registered: cash_transactions of "
                + "2026-11-23.", await _sync.FlushAsync(Token));

        _catalog.Failure = null;

        Assert.Null(await _sync.FlushAsync(Token));
        Assert.Equal(["cash_transactions/dt=2026-11-23"], _catalog.Partitions);
    }

    [Fact]
    public async Task FlushAsync_WhenAPassIsUnderWay_ThenWaitsForOneThatSawItsFiles()
    {
        var gate = new TaskCompletionSource();
        _catalog.Gate = gate.Task;
        var tick = _sync.TickAsync(Token);
        AddDay(LakeTables.CashTransactions, Monday);
        var flushes = Enumerable.Range(0, 3).Select(_ => _sync.FlushAsync(Token)).ToList();

        gate.SetResult();

        Assert.All(await Task.WhenAll(flushes), Assert.Null);
        await tick;
        Assert.Equal(["cash_transactions/dt=2026-11-23"], _catalog.Partitions);
    }

    [Fact]
    public async Task FlushAsync_WhenTheMetastoreHangs_ThenGivesUpWithASentence()
    {
        AddDay(LakeTables.CashTransactions, Monday);
        _catalog.Gate = new TaskCompletionSource().Task;
        var flush = _sync.FlushAsync(Token);

        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(
            "The metastore at memory was not done within 20 s. Not known to be registered: cash_transactions of 2026-11-23.", await flush);
    }

    [Fact]
    public async Task TickAsync_WhenTwoKeepTheSameCatalog_ThenBothAreFine()
    {
        using var other = Open();
        AddDay(LakeTables.CashTransactions, Monday);

        await Task.WhenAll(_sync.TickAsync(Token), other.TickAsync(Token));

        Assert.Equal(["cash_transactions/dt=2026-11-23"], _catalog.Partitions);
        Assert.Equal((null, null), (_sync.Status.Failure, other.Status.Failure));
    }

    private CatalogSync Open() => new(
        new FolderLakeStore(_folder.Path), _catalog, _metrics, Options.Create(
            new LakeSinkOptions()), _time, NullLogger<CatalogSync>.Instance);

    private void AddDay(LakeTable table, DateOnly day) =>
        Directory.CreateDirectory(Path.Combine(_folder.Path, LakePath.DayFolder(table, day)));
}

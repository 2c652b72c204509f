using Banking.Accounts;
using Banking.Client.Terminals;
using Banking.Client.Tests.Banks;
using Banking.Client.Verifying;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Client.Tests.Verifying;

public sealed class BankBooksTests
{
    [Fact(Timeout = 30_000)]
    public async Task Flush_WhenBankHangsAfterItFailed_ThenItGivesUpByTheClock()
    {
        await using var server = await BankServer.StartAsync();
        var asked = 0;
        using var over = new ManualResetEventSlim();
        server.Flush = () =>
        {
            if (Interlocked.Increment(ref asked) == 1) throw new InvalidOperationException("The first one fails.");
            over.Wait(TestContext.Current.CancellationToken);
        };
        using var books = new BankBooks([server.Url], TimeSpan.FromSeconds(1), TimeProvider.System);

        var failure = await Record.ExceptionAsync(() => books.FlushAsync(TestContext.Current.CancellationToken));
        over.Set();

        Assert.Equal(
            $"The bank at {server.Url} answered POST /v1/lake/flush with 500.", Assert.IsType<CommandFailedException>(failure).Message);
        Assert.Equal(2, asked);
    }

    [Fact(Timeout = 30_000)]
    public async Task Flush_WhenBankComesBackInTime_ThenItIsDone()
    {
        await using var server = await BankServer.StartAsync();
        var asked = 0;
        server.Flush = () =>
        {
            if (Interlocked.Increment(ref asked) <= 2) throw new InvalidOperationException("The first two fail.");
        };
        using var books = new BankBooks([server.Url], TimeSpan.FromSeconds(20), TimeProvider.System);

        await books.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, asked);
    }

    [Fact(Timeout = 30_000)]
    public async Task ReadLedgers_WhenTheSiloDiesBetweenPages_ThenAnotherGoesOn()
    {
        await using var dying = await BankServer.StartAsync();
        await using var other = await BankServer.StartAsync(dying.Bank);
        Open(dying.Bank, 2_500);
        dying.Instead = http => http.Request.Query.ContainsKey("after") ? Abort : null;
        using var books = new BankBooks([dying.Url, other.Url], TimeSpan.FromSeconds(20), TimeProvider.System);

        var ids = await books.ReadLedgersAsync(TestContext.Current.CancellationToken).Select(ledger => ledger.AccountId).ToListAsync(
            TestContext.Current.CancellationToken);

        Assert.Equal(dying.Bank.Accounts.Select(account => account.Id), ids);
    }

    [Fact(Timeout = 30_000)]
    public async Task ReadLedgers_WhenTheSiloHangs_ThenAnotherIsAskedAfterHalfAMinute()
    {
        await using var hanging = await BankServer.StartAsync();
        await using var other = await BankServer.StartAsync(hanging.Bank);
        Open(hanging.Bank, 1);
        var time = new FakeTimeProvider();
        hanging.Instead = _ => http =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            var aborted = new TaskCompletionSource();
            http.RequestAborted.Register(aborted.SetResult);
            return aborted.Task;
        };
        using var books = new BankBooks([hanging.Url, other.Url], TimeSpan.FromSeconds(20), time);

        var ledgers = await books.ReadLedgersAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);

        Assert.Single(ledgers);
    }

    [Fact(Timeout = 30_000)]
    public async Task Flush_WhenBankTakesLongerThanTheTimeToGiveUp_ThenItIsWaitedFor()
    {
        await using var server = await BankServer.StartAsync();
        var time = new FakeTimeProvider();
        server.Flush = () => time.Advance(TimeSpan.FromMinutes(4));
        using var books = new BankBooks([server.Url], TimeSpan.FromSeconds(1), time);

        await books.FlushAsync(TestContext.Current.CancellationToken);
    }

    private static void Open(SmallBank bank, int accounts)
    {
        for (var i = 0; i < accounts; i++) bank.Perform($"player-{i}", new OpenAccount("P") { ActionId = "open" });
    }

    private static Task Abort(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }
}

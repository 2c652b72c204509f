using Banking.Client.Tests.Banks;
using Banking.Client.Verifying;
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
        using var books = new BankBooks(server.Url, TimeSpan.FromSeconds(1), TimeProvider.System);

        var failure = await Record.ExceptionAsync(() => books.FlushAsync(TestContext.Current.CancellationToken));
        over.Set();

        Assert.Equal($"The bank at {server.Url} answered POST /v1/lake/flush with 500.", Assert.IsType<CommandFailedException>(failure).Message);
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
        using var books = new BankBooks(server.Url, TimeSpan.FromSeconds(20), TimeProvider.System);

        await books.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, asked);
    }

    [Fact(Timeout = 30_000)]
    public async Task Flush_WhenBankTakesLongerThanTheTimeToGiveUp_ThenItIsWaitedFor()
    {
        await using var server = await BankServer.StartAsync();
        var time = new FakeTimeProvider();
        server.Flush = () => time.Advance(TimeSpan.FromMinutes(4));
        using var books = new BankBooks(server.Url, TimeSpan.FromSeconds(1), time);

        await books.FlushAsync(TestContext.Current.CancellationToken);
    }
}

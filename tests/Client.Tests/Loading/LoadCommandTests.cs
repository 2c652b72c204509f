using System.Globalization;
using System.Text.RegularExpressions;
using Banking.Client.Tests.Banks;

namespace Banking.Client.Tests.Loading;

public sealed class LoadCommandTests
{
    [Fact]
    public async Task Load_WhenBankIsRight_ThenEveryAnswerCountsAndNoneIsWrong()
    {
        await using var server = await BankServer.StartAsync();

        var run = await LoadAsync(server, "--actions", "2000");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("answers      2,000 in", run.Out, StringComparison.Ordinal);
        Assert.Contains("wrong        0", run.Out, StringComparison.Ordinal);
        Assert.Equal(10, server.Bank.Accounts.Count);
    }

    [Fact]
    public async Task Load_WhenAnswersAreLostAndBankIsBusy_ThenRetriesKeepTheModelTrue()
    {
        await using var server = await BankServer.StartAsync();
        int asked = 0, busy = 0;
        server.LoseAnswer = () => Interlocked.Increment(ref asked) % 50 == 0;
        server.BeBusy = () => Interlocked.Increment(ref busy) % 70 == 0;

        var run = await LoadAsync(server, "--actions", "1000", "--give-up-after", "10s");

        Assert.Equal((0, ""), (run.ExitCode, run.Error + (run.ExitCode == 0 ? "" : run.Out)));
        Assert.Contains("wrong        0", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("retries      0", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhenBankStaysAway_ThenItGivesUpInASentence()
    {
        await using var server = await BankServer.StartAsync();
        server.BeBusy = () => true;

        var run = await LoadAsync(server, "--actions", "100", "--give-up-after", "200ms");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Gave up on action", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhenSilosAreAway_ThenAnotherStandsInAndNothingIsDoneTwice()
    {
        await using var good = await BankServer.StartAsync();
        await using var losing = await BankServer.StartAsync(good.Bank);
        await using var busy = await BankServer.StartAsync(good.Bank);
        var asked = 0;
        losing.LoseAnswer = () => Interlocked.Increment(ref asked) % 3 == 0;
        busy.BeBusy = () => true;

        var run = await CommandRun.OfAsync(
            "load", "--url", $"http://127.0.0.1:1,{busy.Url},{losing.Url}", "--url", good.Url.ToString(), "--accounts", "10",
            "--connections", "4", "--actions", "500");

        Assert.Equal((0, ""), (run.ExitCode, run.Error + (run.ExitCode == 0 ? "" : run.Out)));
        Assert.Contains("wrong        0", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("retries      0", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhenSomebodyElseUsesTheAccounts_ThenWrongAnswersAreFound()
    {
        await using var server = await BankServer.StartAsync();
        var n = 0;
        server.BeBusy = () =>
        {
            if (++n == 100) server.Bank.Perform("x-0", new Banking.Accounts.Deposit(1) { ActionId = "intruder" });
            return false;
        };

        var run = await CommandRun.OfAsync(
            "load", "--url", server.Url.ToString(), "--accounts", "1", "--connections", "1", "--actions", "300", "--ids-prefix", "x",
            "--deposits-only");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("x-0: Deposit", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("load", "--actions", "200", "--accounts", "10", "--connections", "4", "--ids-prefix", "x")]
    [InlineData("verify", "--lake", "")]
    [InlineData("compact")]
    [InlineData("repair")]
    public async Task Any_WhenTheBankIsBehindAPath_ThenEveryRequestHasIt(params string[] args)
    {
        await using var server = await BankServer.StartAsync();
        using var lake = new TemporaryFolder();
        Directory.CreateDirectory(lake.File("_lake"));
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        server.Instead = http =>
        {
            seen.Add(http.Request.PathBase);
            return null;
        };

        await CommandRun.OfAsync([.. args.Select(word => word.Length == 0 ? lake.Path : word), "--url", server.Url + "bank/"]);

        Assert.NotEmpty(seen);
        Assert.All(seen, path => Assert.Equal("/bank", path));
    }

    [Fact]
    public async Task Load_WhenPrefixIsGivenAgain_ThenAccountsAreUsedOn()
    {
        await using var server = await BankServer.StartAsync();

        var first = await LoadAsync(server, "--actions", "500", "--ids-prefix", "x");
        var second = await LoadAsync(server, "--actions", "500", "--ids-prefix", "x", "--seed", "2");

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("wrong        0", second.Out, StringComparison.Ordinal);
        Assert.Equal(10, server.Bank.Accounts.Count);
    }

    [Fact]
    public async Task Load_WhenDurationIsGiven_ThenItEnds()
    {
        await using var server = await BankServer.StartAsync();

        var run = await LoadAsync(server, "--duration", "300ms");

        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Load_WhenRateIsGiven_ThenItIsNotFaster()
    {
        await using var server = await BankServer.StartAsync();

        var run = await LoadAsync(server, "--actions", "40", "--rate", "100");

        // The first of each of the four connections is at once, and what is due by then may be made good.
        var seconds = double.Parse(Regex.Match(run.Out, "answers      40 in ([0-9.]+) s").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(seconds >= 0.2, run.Out);
    }

    [Fact]
    public async Task Load_WhenJournalMayNotBeWritten_ThenItSaysSo()
    {
        await using var server = await BankServer.StartAsync();
        // Whoever runs the tests, a folder refuses to be opened for writing.
        using var folder = new TemporaryFolder();

        var run = await LoadAsync(server, "--actions", "10", "--journal", folder.Path);

        Assert.Equal((1, $"Access to the path '{folder.Path}' is denied.\n"), (run.ExitCode, run.Error));
    }

    private static Task<CommandRun> LoadAsync(BankServer server, params string[] more) =>
        CommandRun.OfAsync(["load", "--url", server.Url.ToString(), "--accounts", "10", "--connections", "4", .. more]);
}

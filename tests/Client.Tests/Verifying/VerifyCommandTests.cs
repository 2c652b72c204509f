using Banking.Accounts;
using Banking.Client.Tests.Banks;

namespace Banking.Client.Tests.Verifying;

public sealed class VerifyCommandTests
{
    [Fact]
    public async Task Verify_WhenLakeAndBooksAgree_ThenAllIsWell()
    {
        await using var bank = await AuditedBank.PlayAsync();

        var run = await bank.VerifyAsync("--journal", bank.JournalPath);

        Assert.Equal((0, "All is well: 3 accounts, 19 events, 3 files, 22 journaled actions.\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task Verify_WhenBankWorksOnMeanwhile_ThenLaterEventsAndAccountsAreNoFindings()
    {
        await using var bank = await AuditedBank.PlayAsync();
        bank.AtFlush(() =>
        {
            bank.Bank.Perform("alice", new Deposit(1) { ActionId = "late" });
            bank.Bank.Perform("newcomer", new OpenAccount("N") { ActionId = "new" });
        });

        var run = await bank.VerifyAsync("--journal", bank.JournalPath);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    public static TheoryData<string, string> Corruptions => new()
    {
        { "missing", "sequence numbers run from 1" },
        { "last missing", "the first that is missing is 5" },
        { "missing", "was acknowledged as event 2 and is in the lake not at all" },
        { "doubled", "account/alice/2 is there 2 times" },
        { "wrong cash", "account/alice/2 says cash 999.00, its events make 1000.00" },
        { "wrong amount", "the ledger's cash is the fold of the events" },
        { "wrong amount", "the ledger's totals are the fold of the events" },
        { "wrong quantity", "alice holds 4 stock_a, its events make 5" },
        { "wrong quantity", "a purchase is rounded up and a sale down" },
        { "oversold", "no position is below zero" },
        { "negative", "no cash is below zero" },
        { "stranger", "every account in the lake is one of the bank's" },
        { "action twice", "action alice-1 has 2 events" },
        { "wrong type", "every event is in the table of its type" },
        { "other sequence", "was acknowledged as event 3 and is in the lake 1 times, as event 2" },
        { "refused but there", "was refused (cash_short) and is event 5" },
        { "answered twice", "was answered" },
        { "stray file", "every file of a table is a whole Parquet file" },
        { "cut file", "every file of a table is a whole Parquet file" },
    };

    [Theory]
    [MemberData(nameof(Corruptions))]
    public async Task Verify_WhenSomethingIsWrong_ThenItIsFound(string corruption, string finding)
    {
        await using var bank = await AuditedBank.PlayAsync();
        Spoil(bank, corruption);

        var run = await bank.VerifyAsync("--journal", bank.JournalPath);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains(finding, run.Out, StringComparison.Ordinal);
        Assert.Contains("Not well: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WhenThereAreManyFindings_ThenOnlyTheFirstAreShown()
    {
        await using var bank = await AuditedBank.PlayAsync();
        bank.Events.AddRange([.. bank.Events]);

        var run = await bank.VerifyAsync();

        Assert.Contains("BROKEN: every event is in the lake once (19 found)", run.Out, StringComparison.Ordinal);
        Assert.Equal(10, run.Out.Split('\n').Count(line => line.EndsWith("is there 2 times", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Verify_WhenJournalsLastLineIsCut_ThenItIsPassedOver()
    {
        await using var bank = await AuditedBank.PlayAsync();
        await File.AppendAllTextAsync(bank.JournalPath, "{\"action_id\":\"x", TestContext.Current.CancellationToken);

        var run = await bank.VerifyAsync("--journal", bank.JournalPath);

        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Verify_WhenJournalIsNone_ThenItSaysSo()
    {
        await using var bank = await AuditedBank.PlayAsync();
        await File.WriteAllTextAsync(bank.JournalPath, "hello\nworld\n", TestContext.Current.CancellationToken);

        var run = await bank.VerifyAsync("--journal", bank.JournalPath);

        Assert.Equal((1, $"Line 1 of {bank.JournalPath} is no line of a journal.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Verify_AtATerminal_ShowsItsStepsAndThenTheVerdict()
    {
        await using var server = await Banks.BankServer.StartAsync();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("_lake"));
        using var flush = new ManualResetEventSlim();
        // Long enough to be seen.
        server.Flush = () => flush.Wait(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        var run = await CommandRun.AtTerminalAsync(100, "verify", "--url", server.Url.ToString(), "--lake", folder.Path);

        Assert.Contains("having the lake flushed", run.Error, StringComparison.Ordinal);
        Assert.Equal((0, "All is well: 0 accounts, 0 events, 0 files, 0 journaled actions.\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Verify_WhenBankIsAway_ThenItSaysSo()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("_lake"));

        var run = await CommandRun.OfAsync("verify", "--url", "http://127.0.0.1:1", "--lake", folder.Path, "--give-up-after", "10ms");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("can't be reached", run.Error, StringComparison.Ordinal);
    }

    internal static void Spoil(AuditedBank bank, string corruption)
    {
        switch (corruption)
        {
            case "missing": bank.Events.RemoveAll(happened => happened is { AccountId: "alice", Sequence: 2 }); break;
            case "last missing": bank.Events.RemoveAll(happened => happened is { AccountId: "alice", Sequence: 5 }); break;
            case "doubled": bank.Events.Add(bank.Events.Single(happened => happened is { AccountId: "alice", Sequence: 2 })); break;
            case "wrong cash": bank.Change("alice", 2, happened => happened with { CashBalance = 999 }); break;
            case "wrong amount": bank.Change("alice", 2, happened => happened with { Amount = 999 }); break;
            case "wrong quantity": bank.Change("alice", 3, happened => happened with { Quantity = 8 }); break;
            case "oversold": bank.Change("alice", 4, happened => happened with { Quantity = 8 }); break;
            case "negative": bank.Change("alice", 5, happened => happened with { CashBalance = -1 }); break;
            case "stranger": bank.Events.Add(new BankEvent(OpenAccount.EventType, "mallory", 1, "m", null, null, 0, 0, 0)); break;
            case "action twice": bank.Change("alice", 3, happened => happened with { ActionId = "alice-1" }); break;
            case "wrong type": bank.Change("alice", 2, happened => happened with { Type = "surprise" }); break;
            case "other sequence":
                bank.Change(
                "alice", 2,
                happened =>
                    happened with { ActionId = "alice-2" }); bank.Change("alice", 3, happened => happened with { ActionId = "y" }); break;
            case "refused but there": bank.Change("alice", 5, happened => happened with { ActionId = "alice-5" }); break;
            case "answered twice":
                File.AppendAllText(
                    bank.JournalPath, "{\"action_id\":\"alice-1\",\"account_id\":\"alice\",\"code\":\"done\",\"sequence_number\":7}\n");
                break;
            case "stray file": bank.AtFlush(() => File.WriteAllText(FileOf(bank, "note.txt"), "hello")); break;
            case "cut file": bank.AtFlush(() => File.WriteAllText(FileOf(bank, "cut.parquet"), "PAR1 and then nothing more")); break;
            default: throw new ArgumentOutOfRangeException(nameof(corruption));
        }
    }

    private static string FileOf(AuditedBank bank, string name) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(bank.Lake, "cash_transactions", "dt=2026-11-24")).FullName, name);
}

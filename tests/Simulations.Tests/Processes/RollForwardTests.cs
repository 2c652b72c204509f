using System.Net;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The built silo whose database comes back older than its log, or not at all.</summary>
public sealed class RollForwardTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("banking-forward-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Silo_WhenItsDatabaseWasDeleted_HasAllAccountsAgain()
    {
        var token = TestContext.Current.CancellationToken;
        var before = await Play(1, token);
        DeleteDatabase();

        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), token);
        var after = await Bank.Ledgers(silo, token);

        Assert.Equal(before, after);
        Assert.Equal(HttpStatusCode.OK, (await Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":5}""", null, token)).Status);
        Assert.Equal("Rita R.", (await Bank.Statement(silo, "rita", token)).GetProperty("full_name").GetString());
        await RequireSound(silo, token, 1);
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseWasPutBackToAnOlderCopy_HasAllAccountsAgain()
    {
        var token = TestContext.Current.CancellationToken;
        await Play(1, token);
        File.Copy(Database, Copy);
        var before = await Play(2, token);
        DeleteDatabase();
        File.Copy(Copy, Database);

        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), token);

        Assert.Equal(before, await Bank.Ledgers(silo, token));
        await RequireSound(silo, token, 1, 2);
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseWasPutBackAndAClientTriesAgain_GivesTheFirstResult()
    {
        var token = TestContext.Current.CancellationToken;
        var key = Guid.CreateVersion7().ToString();
        await Play(1, token);
        File.Copy(Database, Copy);
        var first = await Act(silo => Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":7}""", key, token), token);
        DeleteDatabase();
        File.Copy(Copy, Database);

        var again = await Act(silo => Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":7}""", key, token), token);

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseIsAnotherBanks_LetsNobodyActAndSaysWhy()
    {
        var token = TestContext.Current.CancellationToken;
        await Play(1, token);
        var other = Path.Combine(_folder, "other");
        await using (var another = await SiloProcess.Start(other, SiloProcess.FreePort(), token))
        {
            await Bank.Post(another, "/v1/accounts", """{"account_id":"olaf","full_name":"Olaf O."}""", null, token);
            await another.Stop(token);
        }

        DeleteDatabase();
        File.Copy(Path.Combine(other, "storage.db"), Database);

        await using var silo = SiloProcess.Launch(Data, SiloProcess.FreePort());
        var (status, text) = await Bank.WaitForRefusal(silo, "bank_closed", token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("The database is of the bank", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Bank.Get(silo, "/health/ready", token)).Status);
    }

    [Fact]
    public async Task Silo_WhenTheLogNoLongerHasTheBeginning_TakesItFromTheLake()
    {
        var token = TestContext.Current.CancellationToken;
        await Play(1, token);
        EventLogFile.DropAll(Path.Combine(Data, "log.db"));
        var before = await Play(2, token);
        DeleteDatabase();

        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), token);

        Assert.Equal(before, await Bank.Ledgers(silo, token));
        Assert.Contains("the lake's days since", silo.Output, StringComparison.Ordinal);
        Assert.Contains("names of", silo.Output, StringComparison.Ordinal);
        await RequireSound(silo, token, 1, 2);
    }

    [Fact]
    public async Task Silo_WhenAnEventIsNeitherInTheLogNorInTheLake_SetsTheAccountAsideAndServesTheOthers()
    {
        var token = TestContext.Current.CancellationToken;
        await Play(1, token);
        EventLogFile.DropAll(Path.Combine(Data, "log.db"));
        Directory.Delete(Path.Combine(Data, "lake"), recursive: true);
        var opened = await Act(
            async silo =>
            {
                await Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":7}""", null, token);
                return await Bank.Post(silo, "/v1/accounts", """{"account_id":"nina","full_name":"Nina N."}""", null, token);
            },
            token);
        DeleteDatabase();

        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), token, "--Banking:Log:LostOffsets", "Continue");
        var set = await Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":7}""", null, token);

        Assert.Equal(HttpStatusCode.Created, opened.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, set.Status);
        Assert.Contains("account_set_aside", set.Text, StringComparison.Ordinal);
        Assert.Contains("neither in the log nor in the lake", silo.Output, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"Degraded\"", (await Bank.Get(silo, "/health/ready", token)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Bank.Post(silo, "/v1/accounts/nina/deposits", """{"amount":7}""", null, token)).Status);
    }

    [Fact]
    public async Task Silo_WhenKilledWhileItRollsForward_GoesOnFromThere()
    {
        var token = TestContext.Current.CancellationToken;
        var before = await Play(1, token, actions: 20_000, accounts: 2_000);
        DeleteDatabase();
        for (var deaths = 0; deaths < 3; deaths++)
        {
            await using var mortal = SiloProcess.Launch(Data, SiloProcess.FreePort());
            await Bank.WaitForBytes(Database + "-wal", (deaths + 1) * 300_000, token);
            await mortal.Kill(token);
        }

        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), token);

        Assert.Equal(before, await Bank.Ledgers(silo, token));
        await RequireSound(silo, token, 1);
    }

    private string Data => Path.Combine(_folder, "data");

    private string Database => Path.Combine(Data, "storage.db");

    private string Copy => Path.Combine(_folder, "copy.db");

    /// <summary>Plays on a silo of its own and stops it; returns the books.</summary>
    private async Task<string> Play(int seed, CancellationToken cancellationToken, int actions = 1_500, int accounts = 60)
    {
        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), cancellationToken);
        await Bank.Post(silo, "/v1/accounts", """{"account_id":"rita","full_name":"Rita R."}""", null, cancellationToken);
        var loaded = await ClientProcess.Run(
            cancellationToken, "load", "--url", silo.Url, "--accounts", $"{accounts}", "--actions", $"{actions}", "--connections", "16", "--seed", $"{seed}", "--journal", Journal(seed));
        Assert.True(loaded.ExitCode == 0, loaded.Output + silo.Output);
        var ledgers = await Bank.Ledgers(silo, cancellationToken);
        Assert.Equal(0, await silo.Stop(cancellationToken));
        return ledgers;
    }

    private async Task<T> Act<T>(Func<SiloProcess, Task<T>> act, CancellationToken cancellationToken)
    {
        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), cancellationToken);
        var result = await act(silo);
        Assert.Equal(0, await silo.Stop(cancellationToken));
        return result;
    }

    private void DeleteDatabase()
    {
        foreach (var file in Directory.GetFiles(Data, "storage.db*")) File.Delete(file);
    }

    private string Journal(int seed) => Path.Combine(_folder, $"journal-{seed}.jsonl");

    private async Task RequireSound(SiloProcess silo, CancellationToken cancellationToken, params int[] seeds)
    {
        foreach (var seed in seeds)
        {
            var verified = await ClientProcess.Run(
                cancellationToken, "verify", "--url", silo.Url, "--lake", Path.Combine(Data, "lake"), "--journal", Journal(seed));
            Assert.True(verified.ExitCode == 0, verified.Output + silo.Output);
        }
    }
}

using System.Net;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The built silo whose database comes back older than its log, or not at all.</summary>
public sealed class RollForwardTests : IDisposable
{
    private readonly EmbeddedBank _bank = new();

    public void Dispose() => _bank.Dispose();

    [Fact]
    public async Task Silo_WhenItsDatabaseWasDeleted_HasAllAccountsAgain()
    {
        var token = TestContext.Current.CancellationToken;
        var before = await PlayedBank.CopyTo(_bank);
        _bank.DeleteDatabase();

        await using var silo = await _bank.Start();
        var after = await Bank.Ledgers(silo, token);

        Assert.Equal(before, after);
        Assert.Equal(HttpStatusCode.OK, (await Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":5}""", null, token)).Status);
        Assert.Equal("Rita R.", (await Bank.Statement(silo, "rita", token)).GetProperty("full_name").GetString());
        await _bank.RequireSound(silo, 1);
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseWasPutBackToAnOlderCopy_HasAllAccountsAgain()
    {
        var token = TestContext.Current.CancellationToken;
        await PlayedBank.CopyTo(_bank);
        File.Copy(_bank.Database, Copy);
        var before = await _bank.Play(2);
        _bank.DeleteDatabase();
        File.Copy(Copy, _bank.Database);

        await using var silo = await _bank.Start();

        Assert.Equal(before, await Bank.Ledgers(silo, token));
        await _bank.RequireSound(silo, 1, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silo_WhenItsLogIsNewAndItsDatabaseOlderOrDeleted_HasAllAccountsOfTheLake(bool isDeleted)
    {
        var token = TestContext.Current.CancellationToken;
        await PlayedBank.CopyTo(_bank);
        File.Copy(_bank.Database, Copy);
        var before = await _bank.Play(2);
        _bank.DeleteDatabase();
        _bank.DeleteLog();
        if (!isDeleted) File.Copy(Copy, _bank.Database);

        await using var silo = await _bank.Start();

        Assert.Equal(before, await Bank.Ledgers(silo, token));
        Assert.Equal(HttpStatusCode.OK, (await Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":5}""", null, token)).Status);
        await _bank.RequireSound(silo, 1, 2);
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseWasPutBackAndAClientTriesAgain_GivesTheFirstResult()
    {
        var token = TestContext.Current.CancellationToken;
        var key = Guid.CreateVersion7().ToString();
        await PlayedBank.CopyTo(_bank);
        File.Copy(_bank.Database, Copy);
        var first = await _bank.Act(silo => Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":7}""", key, token));
        _bank.DeleteDatabase();
        File.Copy(Copy, _bank.Database);

        var again = await _bank.Act(silo => Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":7}""", key, token));

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseIsAnotherBanks_LetsNobodyActAndSaysWhy()
    {
        var token = TestContext.Current.CancellationToken;
        await PlayedBank.CopyTo(_bank);
        var other = Path.Combine(_bank.Folder, "other");
        await using (var another = await SiloProcess.Start(other, SiloProcess.FreePort(), token))
        {
            await Bank.Post(another, "/v1/accounts", """{"account_id":"olaf","full_name":"Olaf O."}""", null, token);
            await another.Stop(token);
        }

        _bank.DeleteDatabase();
        File.Copy(Path.Combine(other, "storage.db"), _bank.Database);

        await using var silo = _bank.Launch();
        var (status, text) = await Bank.WaitForRefusal(silo, "bank_closed", token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("The database is of the bank", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Bank.Get(silo, "/health/ready", token)).Status);
    }

    [Fact]
    public async Task Silo_WhenTheLogNoLongerHasTheBeginning_TakesItFromTheLake()
    {
        var token = TestContext.Current.CancellationToken;
        await PlayedBank.CopyTo(_bank);
        EventLogFile.DropAll(Path.Combine(_bank.Data, "log.db"));
        var before = await _bank.Play(2);
        _bank.DeleteDatabase();

        await using var silo = await _bank.Start();

        Assert.Equal(before, await Bank.Ledgers(silo, token));
        Assert.Contains("the lake's days since", silo.Output, StringComparison.Ordinal);
        Assert.Contains("names of", silo.Output, StringComparison.Ordinal);
        await _bank.RequireSound(silo, 1, 2);
    }

    [Fact]
    public async Task Silo_WhenAnEventIsNeitherInTheLogNorInTheLake_SetsTheAccountAsideAndServesTheOthers()
    {
        var token = TestContext.Current.CancellationToken;
        await PlayedBank.CopyTo(_bank);
        EventLogFile.DropAll(Path.Combine(_bank.Data, "log.db"));
        Directory.Delete(Path.Combine(_bank.Data, "lake"), recursive: true);
        var opened = await _bank.Act(
            async silo =>
            {
                await Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":7}""", null, token);
                return await Bank.Post(silo, "/v1/accounts", """{"account_id":"nina","full_name":"Nina N."}""", null, token);
            });
        _bank.DeleteDatabase();

        await using var silo = await _bank.Start("--Banking:Log:LostOffsets", "Continue");
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
        var before = await _bank.Play(1, actions: 6_000, accounts: 600);
        _bank.DeleteDatabase();
        for (var deaths = 0; deaths < 3; deaths++)
        {
            await using var mortal = _bank.Launch();
            await Bank.WaitForBytes(_bank.Database + "-wal", (deaths + 1) * 100_000, token);
            await mortal.Kill(token);
        }

        await using var silo = await _bank.Start();

        Assert.Equal(before, await Bank.Ledgers(silo, token));
        await _bank.RequireSound(silo, 1);
    }

    private string Copy => Path.Combine(_bank.Folder, "copy.db");
}

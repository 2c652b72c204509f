using System.Net;
using System.Text.Json;
using Banking.Servers;
using Banking.Servers.PostgreSql;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The built silo on a PostgreSQL that fails over, under load, to an asynchronous replica without the last transactions.</summary>
public sealed class FailOverTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PostgresPair _pair = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    private string Journal => _folder.File("journal.jsonl");

    public async ValueTask InitializeAsync() => _pair = await PostgresPair.Create();

    public async ValueTask DisposeAsync()
    {
        await _pair.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseFailsOverUnderLoadAndLosesTransactions_HasEveryAcknowledgedActionOnce()
    {
        await using var silo = await Start();
        using var load = SteadyLoad.Start(silo.Url, Journal, seed: 17, accounts: 50);
        await FailOverUnder(load);

        await load.Stop(() => silo.Output, Token);
        var verified = await ClientProcess.Run(
            Token, "verify", "--url", silo.Url, "--lake", Path.Combine(Data, "lake"), "--journal", Journal);
        Assert.True(verified.ExitCode == 0, verified.Output + silo.Output);
        Assert.Contains("The database was older than the log", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_WhenTheirDatabaseFailsOverUnderLoadAndLosesTransactions_HaveEveryAcknowledgedActionOnce()
    {
        await using var cluster = SiloCluster.On(_pair.ConnectionString, await RealServers.Kafka());
        var silos = await cluster.Start(3, Token);
        using var load = SteadyLoad.Start(string.Join(',', silos.Select(silo => silo.Url)), cluster.Journal, seed: 18);
        await FailOverUnder(load);

        await load.Stop(() => cluster.Output, Token);
        var verified = await cluster.Verify(silos[0], Token);
        Assert.True(verified.ExitCode == 0, verified.Output + cluster.Output);
        Assert.Contains("The database was older than the log", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseFailsOverAndLosesDeposits_HasThemAgainBeforeItAnswers()
    {
        await using var silo = await Start();
        await Bank.Post(silo, "/v1/accounts", """{"account_id":"rita","full_name":"Rita R."}""", null, Token);
        await _pair.HoldShipping();
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":5}""", null, Token)).Status);

        await _pair.FailOver();

        Assert.Equal(20m, await DepositUntilAnswered(silo));

        // The table of silos is in the database too, and its connections hear of the death when they are used next.
        await Eventually.True(
            async () => (await Bank.Post(silo, "/v1/lake/flush", "", null, Token)).Status == HttpStatusCode.OK, "the lake is flushed");
    }

    /// <summary>To a replica that lacks what was acknowledged last.</summary>
    private async Task FailOverUnder(SteadyLoad load)
    {
        await load.Progress(200, Token);
        await _pair.HoldShipping();
        await load.Progress(200, Token);
        await _pair.FailOver();
        await load.Progress(200, Token);
    }

    private Task<SiloProcess> Start() =>
        SiloProcess.Start(Data, SiloProcess.FreePort(), Token, "--Banking:Storage:PostgreSql", _pair.ConnectionString);

    private static async Task<decimal> DepositUntilAnswered(SiloProcess silo)
    {
        var key = Guid.CreateVersion7().ToString();
        decimal? balance = null;
        await Eventually.True(
            async () =>
            {
                var (status, text) = await Bank.Post(silo, "/v1/accounts/rita/deposits", """{"amount":5}""", key, Token);
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, text + silo.Output);
                if (status != HttpStatusCode.OK) return false;
                using var answer = JsonDocument.Parse(text);
                balance = answer.RootElement.GetProperty("cash_balance").GetDecimal();
                return true;
            },
            "a deposit is answered");
        return balance!.Value;
    }
}

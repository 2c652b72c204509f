using System.Net;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Several silo processes on one PostgreSQL database are one bank.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private SiloCluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await SiloCluster.Create();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Account_WhenOpenedThroughOneSilo_IsSeenThroughTheOthers()
    {
        var silos = await _cluster.Start(3, Token);

        Assert.Equal("Account Opened!\n", await Post(silos[0], "/open_account/", """{"user_id":"ann","full_name":"Ann Example"}"""));
        Assert.Equal("Amount deposited!\n", await Post(silos[1], "/deposit/", """{"user_id":"ann","amount":"200"}"""));

        using var http = new HttpClient();
        Assert.Contains(
            "\"total_value\":200", await http.GetStringAsync($"{silos[2].Url}/return_account_info/ann", Token), StringComparison.Ordinal);
        var verified = await _cluster.Verify(silos[2], Token);
        Assert.True(verified.ExitCode == 0, verified.Output + _cluster.Output);
        Assert.False(Directory.Exists(_cluster.Data), "Nobody has use for the data folder.");
    }

    [Fact]
    public async Task Dashboard_Always_KnowsAllSilosAndLeavesTheApiAlone()
    {
        var silos = await _cluster.Start(2, Token);
        using var http = new HttpClient { BaseAddress = new Uri(silos[0].Url) };

        Assert.Contains("Orleans Dashboard", await http.GetStringAsync("/dashboard/", Token), StringComparison.Ordinal);
        await Eventually.True(
            async () => (
                await http.GetStringAsync(
                    "/dashboard/DashboardCounters", Token)).Split("\"status\":\"Active\"").Length == 3, "it shows two active silos");
        Assert.DoesNotContain("dashboard", await http.GetStringAsync("/openapi/v1.json", Token), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/nothing", Token)).StatusCode);
    }

    [Fact]
    public async Task Restart_WhenSiloAfterSiloIsStoppedAndStartedUnderLoad_HandsOverAndLosesNothing()
    {
        var silos = await _cluster.Start(3, Token);
        using var load = SteadyLoad.Start(silos[0].Url, _cluster.Journal, seed: 31);
        await load.Progress(200, Token);

        for (var number = 0; number < silos.Length; number++)
        {
            Assert.Equal(0, await silos[number].Stop(Token));
            Assert.Contains("the other silos take over", silos[number].Output, StringComparison.Ordinal);
            silos[number] = await _cluster.Start(Token, new Uri(silos[number].Url).Port);
        }

        await load.Progress(200, Token);
        await load.Stop(() => _cluster.Output, Token);
        var verified = await _cluster.Verify(silos[1], Token);

        Assert.True(verified.ExitCode == 0, verified.Output + _cluster.Output);
    }

    [Fact]
    public async Task Stop_WhenAllSilosGoAtOnce_ThenOneOfThemBringsEverythingIntoTheLake()
    {
        var silos = await _cluster.Start(2, Token);
        var loaded = await ClientProcess.Run(
            Token, "load", "--url", silos[0].Url, "--accounts", "100", "--actions", "5000", "--connections", "8", "--seed", "31");
        Assert.True(loaded.ExitCode == 0, loaded.Output);

        await Task.WhenAll(silos.Select(silo => silo.Stop(Token)));

        Assert.Contains(silos, silo => silo.Output.Contains("Drained: everything acknowledged is in the lake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WhenASiloWouldHaveALogOfItsOwn_IsRefusedAndNamesTheSetting()
    {
        await _cluster.Start(Token);

        var (exitCode, output) = await SiloProcess.StartInVain(
            _cluster.Data, SiloProcess.FreePort(), Token, "--Banking:Storage:PostgreSql", _cluster.Database, "--Banking:Lake:Root",
            _cluster.Lake);

        Assert.Equal(1, exitCode);
        Assert.Contains("Banking:Kafka:BootstrapServers", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static async Task<string> Post(SiloProcess silo, string path, string json)
    {
        using var http = new HttpClient();
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(silo.Url + path, content, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }
}

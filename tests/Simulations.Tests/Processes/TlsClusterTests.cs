using System.Text;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Silos with certificates of one authority are one bank, and one without gets in nowhere.</summary>
public sealed class TlsClusterTests : IAsyncLifetime
{
    private readonly ClusterCertificates _certificates = new();
    private SiloCluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await SiloCluster.Create();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Silos_WithCertificatesOfOneAuthority_AreOneBankAndTakeNoSiloWithout()
    {
        var silos = await Task.WhenAll(
            _cluster.Start(Token, null, _certificates.Silo("host1")), _cluster.Start(
                Token, null, [.. _certificates.Silo("host2"), "--Banking:Cluster:ListenOnAny", "true"]));

        var (exitCode, output) = await _cluster.StartInVain(Token);

        Assert.NotEqual(0, exitCode);
        Assert.DoesNotContain("Application started", output, StringComparison.Ordinal);
        using var http = new HttpClient();
        for (var number = 0; number < 8; number++)
        {
            var opened = await Post(
                http, $"{silos[number % 2].Url}/open_account/", $$"""{"user_id":"ann{{number}}","full_name":"Ann Example"}""");
            Assert.Equal("Account Opened!\n", opened);
            Assert.Contains(
                "\"user_id\":", await http.GetStringAsync($"{silos[(number + 1) % 2].Url}/return_account_info/ann{number}", Token),
                StringComparison.Ordinal);
        }

        Assert.Equal(
            3, (await http.GetStringAsync($"{silos[0].Url}/dashboard/DashboardCounters", Token)).Split("\"status\":\"Active\"").Length);
        var verified = await _cluster.Verify(silos[1], Token);
        Assert.True(verified.ExitCode == 0, verified.Output + _cluster.Output);
    }

    private static async Task<string> Post(HttpClient http, string url, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(url, content, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }
}

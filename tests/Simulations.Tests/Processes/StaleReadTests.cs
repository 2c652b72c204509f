using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Banking.Silo.Cluster;

namespace Banking.Simulations.Tests.Processes;

/// <summary>A silo that stood still past its death vote does not know it when it goes on, and has old balances in memory.</summary>
public sealed class StaleReadTests : IAsyncLifetime
{
    private const int Accounts = 30;
    private SiloCluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await SiloCluster.Create();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Read_WhenTheSiloWasDeclaredDeadAndGoesOn_IsRefusedOrAsNewAsWhatOthersAnswered()
    {
        var silos = await _cluster.Start(3, Token);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        for (var account = 0; account < Accounts; account++)
        {
            await PostUntilDone(http, $"{silos[1].Url}/v1/accounts", $$"""{"account_id":"a{{account}}","full_name":"Ann"}""");
            await PostUntilDone(http, $"{silos[1].Url}/v1/accounts/a{account}/deposits", """{"amount":100}""");
        }

        silos[1].Pause();
        await Eventually.True(async () => await _cluster.CountDead(Token) == 1, "the others declare it dead");
        await Task.WhenAll(Enumerable.Range(0, Accounts)
            .Select(account => PostUntilDone(http, $"{silos[0].Url}/v1/accounts/a{account}/deposits", """{"amount":1}""")));

        // What it answers first: these wait in its sockets.
        var reads = Enumerable.Range(0, Accounts).SelectMany(
            account => new[] { Read(http, silos[1], $"a{account}"), Read(http, silos[1], $"a{account}/ledger") }).ToArray();
        silos[1].Resume();
        await Task.WhenAll(reads);
        var exitCode = await silos[1].End(Token);

        Assert.All(reads, read => Assert.True(read.Result is null or 101m, $"It answered a balance of {read.Result}."));
        Assert.Equal(DeathNotice.ExitCode, exitCode);
        Assert.Equal(101m, await Read(http, silos[2], "a0"));
    }

    /// <returns>The balance; null where the silo refused, or died before it answered.</returns>
    private static async Task<decimal?> Read(HttpClient http, SiloProcess silo, string what)
    {
        try
        {
            using var answer = await http.GetAsync($"{silo.Url}/v1/accounts/{what}", Token);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return null;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
            return body.RootElement.GetProperty(what.EndsWith("/ledger", StringComparison.Ordinal) ? "cash" : "total_value").GetDecimal();
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // It died first; a connection that its system had accepted ends with it.
            return null;
        }
    }

    private static async Task PostUntilDone(HttpClient http, string url, string json)
    {
        var key = Guid.CreateVersion7().ToString("D", CultureInfo.InvariantCulture);
        await Eventually.True(
            async () =>
            {
                using var request = new HttpRequestMessage(
                    HttpMethod.Post, url)
                { Content = new StringContent(json, Encoding.UTF8, "application/json") };
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await http.SendAsync(request, Token);
                return answer.IsSuccessStatusCode;
            },
            $"{url} is done");
    }
}

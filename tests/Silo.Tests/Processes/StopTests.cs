using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Banking.Simulations.Tests.Processes;

namespace Banking.Silo.Tests.Processes;

/// <summary>The built silo at SIGTERM: clients that dawdle don't take the drain's time.</summary>
public sealed class StopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stop_WhenClientsDawdle_ThenCutsThemOffAndBringsEverythingIntoTheLake()
    {
        await using var silo = await SiloProcess.Start(_folder.Path, SiloProcess.FreePort(), Token);
        using var http = new HttpClient { BaseAddress = new Uri(silo.Url) };
        using var opened = await http.PostAsJsonAsync("/v1/accounts", new { account_id = "ann", full_name = "Ann Example" }, Token);
        using var deposited = await http.PostAsJsonAsync("/v1/accounts/ann/deposits", new { amount = 5 }, Token);
        deposited.EnsureSuccessStatusCode();
        using var halfSent = await Open(
            silo.Url,
            "POST /v1/accounts/ann/deposits HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + "100\r\n\r\n{\"amount\":");
        using var halfHead = await Open(silo.Url, "GET /v1/accounts/ann HTTP/1.1\r\nHost:");
        using var idle = await Open(silo.Url, "");
        using var slowReader = await Open(
            silo.Url, string.Concat(Enumerable.Repeat("GET /openapi/v1.json HTTP/1.1\r\nHost: a\r\n\r\n", 500)));

        var stopped = Stopwatch.StartNew();
        var exitCode = await silo.Stop(Token);

        Assert.Equal(0, exitCode);
        Assert.Contains("their connections were cut off", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" failed. ", silo.Output, StringComparison.Ordinal);
        Assert.Contains("Drained: everything acknowledged is in the lake.", silo.Output, StringComparison.Ordinal);
        Assert.True(stopped.Elapsed < TimeSpan.FromSeconds(30), $"The stop took {stopped.Elapsed}.\n{silo.Output}");
        Assert.NotEmpty(Directory.EnumerateFiles(_folder.File("lake"), "events-*.parquet", SearchOption.AllDirectories));
    }

    private static async Task<TcpClient> Open(string url, string sent)
    {
        var address = new Uri(url);
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent), Token);
        return client;
    }
}

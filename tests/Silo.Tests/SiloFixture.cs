using System.Net;
using System.Net.Sockets;
using System.Text;
using Banking.Silo.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Banking.Silo.Tests;

/// <summary>The whole program on free ports and a folder of its own, with real Kestrel.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;

    public string Folder => _folder.Path;

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public static string[] Arguments(string folder) =>
    [
        "--urls", "http://127.0.0.1:0",
        "--Banking:DataDirectory", folder,
        "--Banking:Cluster:SiloPort", FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture),
        "--Banking:Cluster:GatewayPort", FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture),
        "--Logging:LogLevel:Default", "Warning",
    ];

    public async ValueTask InitializeAsync()
    {
        _app = BankingApplication.Create(Arguments(Folder));
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        await Eventually.True(async () => (await Http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _folder.Dispose();
    }

    public async Task<(HttpStatusCode Status, string Text)> Post(string path, string json, string? key = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, path)
        { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<string> OpenAccount(decimal cash = 0)
    {
        var id = "p" + Guid.NewGuid().ToString("N");
        Assert.Equal(
            HttpStatusCode.Created, (await Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"Ann Example"}""")).Status);
        if (cash > 0) Assert.Equal(HttpStatusCode.OK, (await Post($"/v1/accounts/{id}/deposits", $$"""{"amount":{{cash}}}""")).Status);
        return id;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

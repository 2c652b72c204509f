using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Banking.Silo.Tests.Browsers;

/// <summary>
/// A web site with a page that tries what a page can on a bank at another address, and reports it. It is reached through a port of its own
/// that can be given to the bank while the page is open: so a name is rebound.
/// </summary>
internal sealed class HostileSite : IAsyncDisposable
{
    /// <summary>What the page got to see of the bank, and what it tried.</summary>
    internal sealed record Report(string[] Seen, string[] Done);

    private readonly WebApplication _app;
    private readonly TcpListener _door = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<Report> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _relaying;
    private volatile int _behind;

    private HostileSite(WebApplication app)
    {
        _app = app;
        _behind = new Uri(app.Urls.First()).Port;
        _door.Start();
        _relaying = RelayAsync();
    }

    /// <summary>The port at which its page is.</summary>
    public int Port => ((IPEndPoint)_door.LocalEndpoint).Port;

    /// <summary>What the page says at its end.</summary>
    public Task<Report> EndAsync(CancellationToken cancellationToken) =>
        _report.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);

    /// <param name="bank">Where the bank is.</param>
    /// <param name="account">An account there.</param>
    /// <param name="rebinds">Whether the page's own port becomes the bank's while the page is open.</param>
    public static async Task<HostileSite> StartAsync(Uri bank, string account, bool rebinds)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        HostileSite? site = null;
        app.Use((http, next) =>
        {
            // Each request has a connection of its own, so the next one goes to whoever has the port by then.
            http.Response.Headers.Connection = "close";
            return next(http);
        });
        app.MapGet("/page", () => Results.Content(PageOf(rebinds ? "" : bank.OriginalString.TrimEnd('/'), account, app), "text/html"));
        app.MapGet("/wait-for-the-bank", () =>
        {
            if (rebinds) site!._behind = bank.Port;
        });
        app.MapPost("/report", async (HttpRequest request) =>
            site!._report.TrySetResult((await JsonSerializer.DeserializeAsync<Report>(request.Body, JsonSerializerOptions.Web))!));
        await app.StartAsync();
        return site = new HostileSite(app);
    }

    public async ValueTask DisposeAsync()
    {
        _door.Dispose();
        await _relaying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private static string PageOf(string bank, string account, WebApplication app) =>
        File.ReadAllText(Path.Combine(DeployTests.Root(), "tests", "Silo.Tests", "Browsers", "hostile.html"))
            .Replace("'{{bank}}'", bank.Length == 0 ? "location.origin" : $"'{bank}'", StringComparison.Ordinal)
            .Replace("{{account}}", account, StringComparison.Ordinal)
            .Replace("{{report}}", app.Urls.First() + "/report", StringComparison.Ordinal);

    private async Task RelayAsync()
    {
        while (true) _ = RelayAsync(await _door.AcceptTcpClientAsync());
    }

    private async Task RelayAsync(TcpClient browser)
    {
        using (browser)
        {
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _behind);
            var (near, far) = (browser.GetStream(), server.GetStream());
            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
    }
}

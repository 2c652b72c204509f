using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using Banking.Silo.Http;
using Banking.Silo.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Banking.Silo.Tests;

/// <summary>Who asks too much is refused, and nobody else.</summary>
public sealed class RequestLimitsTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    public async ValueTask DisposeAsync()
    {
        _held.TrySetResult();
        if (_app is not null) await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("sub=ann;iss=here", "sub=bob;iss=here")]
    [InlineData("sub=ann;iss=here", "sub=ann;iss=there")]
    [InlineData("banking_key=1;sub=ann", "banking_key=2;sub=ann")]
    [InlineData("banking_key=1;sub=ann", "sub=ann")]
    [InlineData("from=10.0.0.1", "from=10.0.0.2")]
    [InlineData("from=2001:db8::1", "from=2001:db8:0:1::1")]
    [InlineData("sub=ann", "")]
    public async Task Caller_WhoAsksTooMuch_IsRefusedAndOthersAreNot(string greedy, string other)
    {
        using var http = await Start(new() { PerSubject = 1, PerKey = 1, PerAddress = 1, Burst = TimeSpan.FromSeconds(5) });

        var refused = await Exhaust(http, "/v1/assets", greedy);

        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.Equal("too_many_requests", (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Token))!["code"]);
        Assert.Equal(HttpStatusCode.OK, (await Send(http, "/v1/assets", other)).StatusCode);
        await Eventually.True(async () => (await Send(http, "/v1/assets", greedy)).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Addresses_OfOneNetwork_AreOne()
    {
        using var http = await Start(new() { PerAddress = 1, Burst = TimeSpan.FromSeconds(1) });

        await Exhaust(http, "/return_price", "from=2001:db8::1", "from=2001:db8::ffff:2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("from=127.0.0.1")]
    [InlineData("from=::1")]
    [InlineData("from=::ffff:127.0.0.2")]
    public async Task Caller_OfThisMachineWithoutAToken_IsNotLimited(string caller)
    {
        using var http = await Start(new() { PerSubject = 1, PerKey = 1, PerAddress = 1, Burst = TimeSpan.FromSeconds(1) });

        for (var i = 0; i < 500; i++) Assert.Equal(HttpStatusCode.OK, (await Send(http, "/v1/assets", caller)).StatusCode);
    }

    [Fact]
    public async Task Requests_BeyondThoseUnderWay_AreRefusedButHealthIsNot()
    {
        using var http = await Start(new() { UnderWay = 2 });
        Task<HttpResponseMessage>[] held = [Send(http, "/hold", ""), Send(http, "/hold", "")];

        using var refused = await Exhaust(http, "/return_price", "");
        using var health = await Send(http, "/health/live", "");
        _held.SetResult();
        await Task.WhenAll(held);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(
            Problems.TooManyRequests.Sentence, (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Token))!["message"]);
        await Eventually.True(async () => (await Send(http, "/return_price", "")).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Connection_ThatSendsHeadersTooSlowly_IsCutOff()
    {
        using var http = await Start(new() { HeadersTimeout = TimeSpan.FromSeconds(1) });
        using var slow = await Connect(http.BaseAddress!, "GET / HTTP/1.1\r\nHost:");

        using var reader = new StreamReader(slow.GetStream());
        var answer = await reader.ReadToEndAsync(Token).WaitAsync(TimeSpan.FromSeconds(60), Token);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_BeyondTheirNumber_AreClosed()
    {
        using var http = await Start(new() { Connections = 2 });
        using var first = await Connect(http.BaseAddress!, "GET");
        using var second = await Connect(http.BaseAddress!, "GET");

        await Eventually.True(async () =>
        {
            using var third = await Connect(http.BaseAddress!, "GET / HTTP/1.0\r\n\r\n");
            try
            {
                return await third.GetStream().ReadAsync(new byte[1], Token) == 0;
            }
            catch (IOException)
            {
                return true;
            }
        });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Returns the first refusal.
    private static async Task<HttpResponseMessage> Exhaust(HttpClient http, string path, params string[] callers)
    {
        for (var i = 0; i < 10_000; i++)
        {
            var reply = await Send(http, path, callers[i % callers.Length]);
            if (reply.StatusCode == HttpStatusCode.TooManyRequests) return reply;
            reply.Dispose();
        }

        throw new InvalidOperationException("Nothing was refused.");
    }

    private static Task<HttpResponseMessage> Send(HttpClient http, string path, string caller)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (caller.Length > 0) request.Headers.Add("X-Caller", caller);
        return http.SendAsync(request, Token);
    }

    private static async Task<TcpClient> Connect(Uri url, string text)
    {
        var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Token);
        return client;
    }

    private async Task<HttpClient> Start(HttpLimits limits)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        RequestLimits.AddTo(builder, limits);
        _app = builder.Build();
        _app.Use((http, next) =>
        {
            BeOf(http, http.Request.Headers["X-Caller"].ToString());
            return next(http);
        });
        RequestLimits.UseForArrivals(_app);
        RequestLimits.UseForCallers(_app);
        _app.Run(http => http.Request.Path == "/hold" ? _held.Task : Task.CompletedTask);
        await _app.StartAsync(Token);
        return new() { BaseAddress = new(_app.Urls.First()) };
    }

    // As forwarded headers and authentication leave it.
    private static void BeOf(HttpContext http, string caller)
    {
        var parts = caller.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('='))
            .ToDictionary(part => part[0], part => part[1]);
        if (parts.Remove("from", out var address)) http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        if (parts.Count > 0) http.User = new(new ClaimsIdentity(parts.Select(part => new Claim(part.Key, part.Value)), "test"));
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Banking.Silo.Http;
using Banking.Silo.Settings;
using Microsoft.AspNetCore.Http;

namespace Banking.Silo.Tests.Browsers;

/// <summary>Web pages but the silo's own get nothing; whatever is not a browser notices nothing.</summary>
public sealed class BrowserGuardTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Evil = "https://evil.example";

    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "/" }, { "GET", "/return_price" }, { "GET", "/return_account_info/ann" }, { "POST", "/deposit/" },
        { "POST", "/open_account" }, { "GET", "/v1/assets" }, { "GET", "/v1/accounts/ann" }, { "GET", "/v1/ledgers" },
        { "POST", "/v1/accounts" }, { "POST", "/v1/accounts/ann/deposits" }, { "DELETE", "/v1/accounts/ann?full_name=Ann" },
        { "POST", "/v1/lake/flush" }, { "POST", "/v1/lake/compact" }, { "POST", "/v1/repair" }, { "GET", "/dashboard/" },
        { "GET", "/health/live" }, { "GET", "/health/ready" }, { "GET", "/openapi/v1.json" }, { "HEAD", "/v1/assets" },
        { "OPTIONS", "/v1/assets" }, { "GET", "/nowhere" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Request_OfAnotherOrigin_IsRefusedEverywhere(string method, string path)
    {
        using var reply = await Send(method, path, ("Origin", Evil), ("Sec-Fetch-Site", "cross-site"));

        await IsRefused(reply, path, Problems.CrossOrigin);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Request_OfABrowserForAnotherHost_IsRefusedEverywhere(string method, string path)
    {
        // As a page sends it whose name was given the address of the loopback.
        using var reply = await Send(method, path, ("Host", "evil.example:5000"), ("Accept-Language", "en"));

        await IsRefused(reply, path, Problems.UnknownHost);
    }

    [Theory]
    [InlineData("Origin: null")]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: http://127.0.0.1:1")]
    [InlineData("Origin: https://{host}")]
    [InlineData("Origin: ")]
    [InlineData("Origin: http://{host}", "Origin: https://evil.example")]
    [InlineData("Origin: http://{host}", "Sec-Fetch-Site: cross-site")]
    [InlineData("Origin: https://evil.example", "Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image")]
    [InlineData("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-User: ?1")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: Same-Origin-ish")]
    [InlineData("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site")]
    [InlineData("Host: evil.example", "Sec-Fetch-Site: same-origin")]
    [InlineData("Host: evil.example", "Origin: http://evil.example")]
    [InlineData("Host: evil.example", "Origin: http://evil.example", "Upgrade: websocket", "Connection: Upgrade")]
    [InlineData("Host: evil.example", "Sec-Fetch-Site: none")]
    [InlineData("Host: evil.example", "Referer: http://evil.example/")]
    [InlineData("Host: evil.example", "Upgrade-Insecure-Requests: 1")]
    [InlineData("Host: evil.example", "User-Agent: Mozilla/5.0 (X11; Linux x86_64)")]
    [InlineData("Host: localhost.evil.example", "Accept-Language: en")]
    [InlineData("Host: 192.168.0.1:5000", "Accept-Language: en")]
    public async Task Request_WithABrowsersMarks_IsRefusedUnlessItIsOfItsOwnPages(params string[] headers)
    {
        using var reply = await Send("GET", "/v1/assets", Headers(headers));

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Theory]
    [InlineData("Host: user1.comcast.com")]
    [InlineData("Host: user1.comcast.com", "User-Agent: ApacheBench/2.3", "Accept: */*")]
    [InlineData("Origin: http://{host}")]
    [InlineData("Origin: http://{host}", "Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")]
    [InlineData("Host: localhost:5000", "Origin: http://localhost:5000", "Sec-Fetch-Site: same-origin", "Accept-Language: en")]
    [InlineData("Host: [::1]:5000", "Origin: http://[::1]:5000", "User-Agent: Mozilla/5.0")]
    [InlineData("Host: LOCALHOST", "Accept-Language: en")]
    public async Task Request_OfProgramsAndOwnPages_IsAnswered(params string[] headers)
    {
        using var reply = await Send("GET", "/v1/assets", Headers(headers));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Theory]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", HttpStatusCode.OK)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.OK)]
    public async Task Body_OfABrowser_IsReadIfItIsJson(string? mediaType, HttpStatusCode status)
    {
        var id = await silo.OpenAccount();
        var bytes = Encoding.UTF8.GetBytes($$"""{"user_id":"{{id}}","amount":"5"}""");
        var body = new ByteArrayContent(bytes);
        if (mediaType is not null) body.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        using var ofBrowser = await Send(body, "POST", "/deposit/", Headers(["Origin: http://{host}"]));
        using var ofScript = await Send(new ByteArrayContent(bytes), "POST", "/deposit/");

        Assert.Equal((status, HttpStatusCode.OK), (ofBrowser.StatusCode, ofScript.StatusCode));
    }

    [Theory]
    [InlineData("Host: bank.example", "Origin: https://bank.example")]
    [InlineData("Host: bank.example", "Sec-Fetch-Site: same-origin", "Accept-Language: en")]
    [InlineData("Host: 127.0.0.1:5000", "Origin: https://bank.example", "Sec-Fetch-Site: cross-site")]
    public void Request_OfANamedOrigin_IsAnswered(params string[] headers)
    {
        Assert.NotNull(Guarded(checksHosts: true, headers));
        Assert.Null(Guarded(checksHosts: true, headers, "https://game.example:8443", "https://bank.example"));
    }

    [Fact]
    public void Host_WhereCallersShowWhoTheyAre_IsAny()
    {
        string[] headers = ["Host: bank.example", "Origin: http://bank.example", "Accept-Language: en"];

        Assert.Equal(Problems.UnknownHost, Guarded(checksHosts: true, headers));
        Assert.Null(Guarded(checksHosts: false, headers));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Problem? Guarded(bool checksHosts, string[] headers, params string[] origins)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = "http";
        foreach (var header in headers) request.Headers.Append(header.Split(": ")[0], header.Split(": ")[1]);
        var settings = new HttpSettings { CorsOrigins = string.Join(',', origins) };
        return new BrowserGuard(settings.Origins(), checksHosts).ProblemOf(request);
    }

    private static async Task IsRefused(HttpResponseMessage reply, string path, Problem problem)
    {
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        var text = await reply.Content.ReadAsStringAsync(Token);
        if (reply.RequestMessage!.Method == HttpMethod.Head) return;
        var body = JsonNode.Parse(text)!;
        if (path.StartsWith("/v1/", StringComparison.Ordinal)) Assert.Equal(problem.Code, (string?)body["code"]);
        else Assert.Equal(problem.Sentence, (string?)body["message"]);
    }

    private (string, string)[] Headers(string[] headers) =>
        [.. headers.Select(header => header.Replace("{host}", silo.Http.BaseAddress!.Authority, StringComparison.Ordinal).Split(": "))
            .Select(header => (header[0], header[1]))];

    private Task<HttpResponseMessage> Send(string method, string path, params (string Name, string Value)[] headers) =>
        Send(method == "POST" ? new StringContent("{}", Encoding.UTF8, "application/json") : null, method, path, headers);

    private async Task<HttpResponseMessage> Send(
        HttpContent? body, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await silo.Http.SendAsync(request, Token);
    }
}

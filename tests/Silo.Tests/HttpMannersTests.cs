using System.Net;
using Banking.Silo.Hosting;
using Banking.Silo.Tests.Listening;

namespace Banking.Silo.Tests;

/// <summary>What HTTP has beside GET and POST: HEAD, other origins, compression, HTTP/2, and a page for browsers.</summary>
public sealed class HttpMannersTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    public static TheoryData<string> Readable =>
    [
        "/", "/return_price", "/return_asset_price/stock_a", "/v1/assets", "/v1/assets/stock_a", "/v1/assets/nope", "/v1/ledgers",
        "/v1/lake/compact", "/health/live", "/health/ready", "/openapi/v1.json",
    ];

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Head_WhereverGetIs_AnswersTheSameWithoutABody(string path)
    {
        using var get = await silo.Http.GetAsync(path, Token);
        using var head = await Send(HttpMethod.Head, path);

        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("/v1/lake/flush")]
    [InlineData("/deposit/")]
    public async Task Head_WhereGetIsNot_Answers405(string path)
    {
        using var head = await Send(HttpMethod.Head, path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Reply_Above1Kb_IsCompressedForWhoTakesIt(string encoding)
    {
        for (var i = 0; i < 6; i++) await silo.OpenAccount(cash: 5);

        using var large = await Send(HttpMethod.Get, "/v1/ledgers", ("Accept-Encoding", encoding));
        using var document = await Send(HttpMethod.Get, "/openapi/v1.json", ("Accept-Encoding", encoding));
        using var plain = await Send(HttpMethod.Get, "/v1/ledgers");
        using var small = await Send(HttpMethod.Get, "/v1/assets/stock_a", ("Accept-Encoding", encoding));
        using var old = await Send(HttpMethod.Get, "/return_price", ("Accept-Encoding", encoding));

        Assert.All([large, document], reply => Assert.Equal(encoding, reply.Content.Headers.ContentEncoding.Single()));
        Assert.All([plain, small, old], reply => Assert.Empty(reply.Content.Headers.ContentEncoding));
    }

    [Fact]
    public async Task OtherOrigin_WithoutTheSetting_IsToldNothing()
    {
        using var preflight = await Preflight(silo.Http, "https://game.example");
        using var get = await Send(HttpMethod.Get, "/v1/assets", ("Origin", "https://game.example"));

        Assert.All([preflight, get], reply => Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode));
        Assert.All([preflight, get], reply => Assert.False(reply.Headers.Contains("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Page_ForABrowser_LinksToWhatThereIs()
    {
        using var page = await Send(HttpMethod.Get, "/", ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        using var sentence = await Send(HttpMethod.Get, "/", ("Accept", "*/*"));
        using var dashboard = await Send(HttpMethod.Get, "/dashboard/");

        var html = await page.Content.ReadAsStringAsync(Token);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<code>--Banking:Cluster:Dashboard true</code>", html, StringComparison.Ordinal);
        var links = html.Split("href=\"").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]).ToList();
        Assert.Equal(["/openapi/v1.json", "/v1/assets", "/health/ready", "/health/live"], links);
        foreach (var link in links) Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync(link, Token)).StatusCode);
        Assert.Equal("Welcome to the banking game!\n", await sentence.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.NotFound, dashboard.StatusCode);
        Assert.Contains("--Banking:Cluster:Dashboard true", await dashboard.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WithTlsAndOriginsAndDashboard_SpeaksHttp2AndLetsThosePagesIn()
    {
        using var folder = new TemporaryFolder();
        using var certificate = HttpsCertificate.Write(folder.Path);
        string[] arguments =
        [
            .. SiloFixture.Arguments(folder.Path), "--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path",
            folder.File("http.pem"),
            "--Kestrel:Certificates:Default:KeyPath", folder.File("http.key"),
            "--Banking:Http:CorsOrigins", "https://game.example, http://localhost:8000",
            "--Banking:Cluster:Dashboard", "true",
        ];
        await using var app = BankingApplication.Create(arguments);
        await app.StartAsync(Token);
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()), DefaultRequestVersion = HttpVersion.Version20 };

        using var page = await http.SendAsync(
            Message(HttpMethod.Get, "/", ("Accept", "text/html"), ("Origin", "http://localhost:8000")), Token);
        using var preflight = await Preflight(http, "https://game.example");
        using var stranger = await Preflight(http, "https://other.example");
        using var failed = await http.SendAsync(Message(HttpMethod.Get, "/v1/nothing", ("Origin", "https://game.example")), Token);
        using var dashboard = await http.GetAsync("/dashboard/", Token);

        Assert.Equal(HttpVersion.Version20, page.Version);
        Assert.Contains("href=\"/dashboard/\"", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, dashboard.StatusCode);
        Assert.Equal("http://localhost:8000", page.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Idempotency-Replayed", page.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://game.example", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains(
            "idempotency-key", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.OrdinalIgnoreCase);
        Assert.False(stranger.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal("https://game.example", failed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var options = await http.SendAsync(Message(HttpMethod.Options, "/v1/assets"), Token);
        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
        Assert.Equal(["GET", "HEAD"], options.Content.Headers.Allow.Order());
        await app.StopAsync(Token);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("game.example")]
    [InlineData("https://game.example/")]
    [InlineData("https://game.example,ftp://x")]
    public void Start_WhenAnOriginIsNone_SaysSo(string origins)
    {
        var refused = Assert.ThrowsAny<Exception>(() => BankingApplication.Create(["--Banking:Http:CorsOrigins", origins]));

        Assert.StartsWith("Banking:Http:CorsOrigins has '", StartFaults.SentenceOf(refused), StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static HttpRequestMessage Message(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async Task<HttpResponseMessage> Preflight(HttpClient http, string origin)
    {
        using var request = Message(
            HttpMethod.Options,
            "/v1/accounts/a/deposits",
            ("Origin", origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "idempotency-key,content-type"));
        return await http.SendAsync(request, Token);
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = Message(method, path, headers);
        return await silo.Http.SendAsync(request, Token);
    }
}

using System.Net.Security;
using System.Net.Sockets;
using Banking.Silo.Hosting;
using Banking.Silo.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Banking.Silo.Tests.Listening;

/// <summary>Kestrel's own settings, and what a proxy says about its callers.</summary>
public sealed class EndpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Kestrel:Endpoints:Game:Url", "Kestrel:Endpoints:Game:Certificate:")]
    [InlineData("urls", "Kestrel:Certificates:Default:")]
    public async Task Certificate_WhenItsFilesChange_IsTheNewOne(string url, string certificate)
    {
        using var first = HttpsCertificate.Write(_folder.Path);
        string[] arguments =
        [
            .. SiloFixture.Arguments(_folder.File("data")), $"--{url}", "https://127.0.0.1:0",
            $"--{certificate}Path", _folder.File("http.pem"), $"--{certificate}KeyPath", _folder.File("http.key"),
        ];
        await using var app = BankingApplication.Create(arguments);
        await app.StartAsync(Token);
        Assert.Equal((first.Thumbprint, SslApplicationProtocol.Http2), await Greet(app));

        using var second = HttpsCertificate.Write(_folder.Path);

        await Eventually.True(async () => await Greet(app) is (var shown, _) && shown == second.Thumbprint);
        await app.StopAsync(Token);
    }

    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7 https")]
    [InlineData("10.0.0.7, 10.1.2.3", "10.0.0.7 https")]
    [InlineData("10.0.0.7, 10.9.9.9", "10.9.9.9 https")]
    [InlineData("nonsense", "127.0.0.1 http")]
    public async Task Caller_AsAKnownProxySays_IsTheFirstThatIsNoProxy(string forwarded, string caller) =>
        Assert.Equal(caller, await CallerOf(forwarded, "127.0.0.1, 10.1.0.0/16"));

    [Fact]
    public async Task Caller_AsAStrangerSays_IsTheStranger() =>
        Assert.Equal("127.0.0.1 http", await CallerOf("10.0.0.7", "10.1.0.0/16"));

    [Theory]
    [InlineData("--Banking:Http:BehindProxy", "true", "Banking:Http:BehindProxy needs Banking:Http:KnownProxies")]
    [InlineData("--Banking:Http:KnownProxies", "10.0.0.0/33", "Banking:Http:KnownProxies has '10.0.0.0/33'")]
    [InlineData("--Banking:Http:KnownProxies", "proxy", "Banking:Http:KnownProxies has 'proxy'")]
    [InlineData("--Kestrel:Endpoints:Game:Ulr", "http://127.0.0.1:0", "Kestrel:Endpoints:Game:Ulr")]
    public void Start_WhenASettingIsImpossible_SaysWhich(string setting, string value, string named)
    {
        var refused = Assert.ThrowsAny<Exception>(() => BankingApplication.Create([setting, value]));

        Assert.Contains(named, StartFaults.SentenceOf(refused), StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The certificate that the silo shows, and the protocol that it takes of those offered; null while it has no port.</summary>
    private static async Task<(string, SslApplicationProtocol)?> Greet(WebApplication app)
    {
        using var client = new TcpClient();
        try
        {
            var url = new Uri(app.Urls.First());
            await client.ConnectAsync(url.Host, url.Port, Token);
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = url.Host,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                },
                Token);
            return (tls.RemoteCertificate!.GetCertHashString(), tls.NegotiatedApplicationProtocol);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<string> CallerOf(string forwarded, string proxies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.UseForwardedHeaders(new HttpSettings { BehindProxy = true, KnownProxies = proxies }.Forwarding());
        app.Run(http => http.Response.WriteAsync($"{http.Connection.RemoteIpAddress} {http.Request.Scheme}", Token));
        await app.StartAsync(Token);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", string.Join(", ", forwarded.Split(", ").Select(_ => "https")));
        return await http.GetStringAsync(app.Urls.First(), Token);
    }
}
